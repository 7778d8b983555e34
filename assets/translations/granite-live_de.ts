<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Granite Live</source>
        <translation>Über Granite Live</translation>
    </message>
    <message>
        <source>Granite Live {0}</source>
        <translation>Granite Live {0}</translation>
    </message>
    <message>
        <source>Private live captions, dictation and transcription on your own computer.</source>
        <translation>Private Live-Untertitel, Diktat und Mitschrift auf Ihrem eigenen Rechner.</translation>
    </message>
    <message>
        <source>Versions and licenses</source>
        <translation>Versionen und Lizenzen</translation>
    </message>
    <message>
        <source>License</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Speech model</source>
        <translation>Sprachmodell</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copy diagnostic information</source>
        <translation>Diagnoseinformationen kopieren</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;New session</source>
        <translation>&amp;Neue Sitzung</translation>
    </message>
    <message>
        <source>&amp;Open files…</source>
        <translation>Dateien ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Align a text…</source>
        <translation>Text &amp;zuordnen…</translation>
    </message>
    <message>
        <source>&amp;Watch a folder…</source>
        <translation>Ordner &amp;überwachen…</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>Live &amp;text file…</source>
        <translation>Live-&amp;Textdatei…</translation>
    </message>
    <message>
        <source>Other &amp;programs and devices…</source>
        <translation>Andere &amp;Programme und Geräte…</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>&amp;Modelle…</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>Einste&amp;llungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy with &amp;times</source>
        <translation>Mit &amp;Zeiten kopieren</translation>
    </message>
    <message>
        <source>Copy as &amp;Markdown</source>
        <translation>Als &amp;Markdown kopieren</translation>
    </message>
    <message>
        <source>&amp;Find…</source>
        <translation>&amp;Suchen…</translation>
    </message>
    <message>
        <source>Find &amp;next</source>
        <translation>&amp;Weitersuchen</translation>
    </message>
    <message>
        <source>Find &amp;previous</source>
        <translation>&amp;Rückwärts suchen</translation>
    </message>
    <message>
        <source>Find and &amp;replace…</source>
        <translation>Suchen und &amp;ersetzen…</translation>
    </message>
    <message>
        <source>&amp;Search all sessions</source>
        <translation>&amp;Alle Sitzungen durchsuchen</translation>
    </message>
    <message>
        <source>Search &amp;by sound…</source>
        <translation>Nach Klan&amp;g suchen…</translation>
    </message>
    <message>
        <source>&amp;Sessions</source>
        <translation>&amp;Sitzungen</translation>
    </message>
    <message>
        <source>&amp;Captions overlay</source>
        <translation>&amp;Untertitel einblenden</translation>
    </message>
    <message>
        <source>Click-&amp;through captions</source>
        <translation>&amp;Klicks durch die Untertitel lassen</translation>
    </message>
    <message>
        <source>&amp;Dictation pad</source>
        <translation>&amp;Diktatfenster</translation>
    </message>
    <message>
        <source>Com&amp;pact window</source>
        <translation>Kom&amp;paktes Fenster</translation>
    </message>
    <message>
        <source>&amp;Start transcribing</source>
        <translation>&amp;Mitschrift starten</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Start or stop &amp;dictation</source>
        <translation>&amp;Diktat starten oder beenden</translation>
    </message>
    <message>
        <source>P&amp;lay or stop the line</source>
        <translation>Zeile &amp;abspielen oder anhalten</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen…</translation>
    </message>
    <message>
        <source>Transcribe &amp;again…</source>
        <translation>&amp;Neu transkribieren…</translation>
    </message>
    <message>
        <source>De&amp;lete…</source>
        <translation>&amp;Löschen…</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;Copy diagnostic information</source>
        <translation>&amp;Diagnoseinformationen kopieren</translation>
    </message>
    <message>
        <source>&amp;About Granite Live</source>
        <translation>Ü&amp;ber Granite Live</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Session</source>
        <translation>&amp;Sitzung</translation>
    </message>
</context>
<context>
    <name>AddressField</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy: {0}</source>
        <translation>Kopieren: {0}</translation>
    </message>
</context>
<context>
    <name>AlignmentDialog</name>
    <message>
        <source>Align a text</source>
        <translation>Text zuordnen</translation>
    </message>
    <message>
        <source>Align</source>
        <translation>Zuordnen</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Unterschiede</translation>
    </message>
    <message>
        <source>Save as subtitles…</source>
        <translation>Als Untertitel speichern…</translation>
    </message>
    <message>
        <source>Save as a session</source>
        <translation>Als Sitzung speichern</translation>
    </message>
    <message>
        <source>With the sound of the recording, to play, search and edit it</source>
        <translation>Mit dem Ton der Aufnahme, zum Abspielen, Durchsuchen und Bearbeiten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Texts and subtitles ({0})</source>
        <translation>Texte und Untertitel ({0})</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Finds when each word of a text is said in its recording. The words stay those of the text.</source>
        <translation>Findet, wann jedes Wort eines Textes in seiner Aufnahme gesagt wird. Die Wörter bleiben die des Textes.</translation>
    </message>
    <message>
        <source>Canceled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Saving the session…</source>
        <translation>Sitzung wird gespeichert…</translation>
    </message>
    <message>
        <source>The session is saved.</source>
        <translation>Die Sitzung ist gespeichert.</translation>
    </message>
    <message>
        <source>Listening to the recording…</source>
        <translation>Die Aufnahme wird angehört…</translation>
    </message>
    <message>
        <source>Recording and text agree.</source>
        <translation>Aufnahme und Text stimmen überein.</translation>
    </message>
    <message>
        <source>Places where recording and text differ: {0}</source>
        <translation>Stellen, an denen sich Aufnahme und Text unterscheiden: {0}</translation>
    </message>
    <message>
        <source>Nothing of the text was heard in the recording.</source>
        <translation>Vom Text war in der Aufnahme nichts zu hören.</translation>
    </message>
    <message>
        <source>Not said, after {0}: {1}</source>
        <translation>Nicht gesagt, nach {0}: {1}</translation>
    </message>
    <message>
        <source>Not in the text, {0} to {1}: {2}</source>
        <translation>Nicht im Text, {0} bis {1}: {2}</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>This failed because of an internal error in Granite Live; the log file has the details.</source>
        <translation>Das ist an einem Fehler in Granite Live gescheitert; Näheres steht im Protokoll.</translation>
    </message>
</context>
<context>
    <name>BatchExportDialog</name>
    <message>
        <source>Export {0} sessions</source>
        <translation>{0} Sitzungen exportieren</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner wählen</translation>
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
        <source>Each session becomes a file of its own. Files that exist stay as they are.</source>
        <translation>Jede Sitzung wird eine eigene Datei. Vorhandene Dateien bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Rules for subtitles</source>
        <translation>Regeln für Untertitel</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>The folder &apos;{0}&apos; does not exist: create it or choose another.</source>
        <translation>Den Ordner „{0}“ gibt es nicht: Legen Sie ihn an, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Saving {0} of {1}…</source>
        <translation>{0} von {1} wird gespeichert…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Files saved in {1}: {0}.</source>
        <translation>Gespeicherte Dateien in {1}: {0}.</translation>
    </message>
    <message>
        <source>Sessions without text: {0}.</source>
        <translation>Sitzungen ohne Text: {0}.</translation>
    </message>
    <message>
        <source>Not saved: {0}.</source>
        <translation>Nicht gespeichert: {0}.</translation>
    </message>
    <message>
        <source>The rest was canceled.</source>
        <translation>Der Rest wurde abgebrochen.</translation>
    </message>
</context>
<context>
    <name>CaptionPreview</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>A final sentence.</source>
        <translation>Ein fertiger Satz.</translation>
    </message>
    <message>
        <source>A draft</source>
        <translation>Ein Entwurf</translation>
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
        <source>Stop transcribing</source>
        <translation>Mitschrift beenden</translation>
    </message>
    <message>
        <source>Start transcribing</source>
        <translation>Mitschrift starten</translation>
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
        <source>Caption settings…</source>
        <translation>Einstellungen der Untertitel …</translation>
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
        <source>Text color</source>
        <translation>Farbe des Textes</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Background color</source>
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
        <source>Background opacity</source>
        <translation>Deckkraft des Hintergrunds</translation>
    </message>
    <message>
        <source>Click-through</source>
        <translation>Klicks durchlassen</translation>
    </message>
    <message>
        <source>Open captions from the ⋯ menu. Drag the middle to move them.</source>
        <translation>Untertitel öffnet das Menü ⋯. Zum Verschieben in der Mitte ziehen.</translation>
    </message>
</context>
<context>
    <name>CheckResultTable</name>
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
        <source>Not checked</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>Clipboard</name>
    <message>
        <source>The clipboard&apos;s contents are too large or too slow to restore after pasting: empty the clipboard, or choose typing.</source>
        <translation>Was in der Zwischenablage liegt, ist zu groß oder zu langsam, um nach dem Einfügen zurückzukommen: Leeren Sie sie, oder wählen Sie das Tippen.</translation>
    </message>
</context>
<context>
    <name>ClipboardPaste</name>
    <message>
        <source>The text could not be put into the clipboard: choose typing.</source>
        <translation>Das System lässt den Text nicht in die Zwischenablage: Wählen Sie das Tippen.</translation>
    </message>
    <message>
        <source>Another program took the clipboard before the text was pasted.</source>
        <translation>Ein anderes Programm nahm die Zwischenablage, bevor der Text eingefügt war.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; did not accept the text within {1} seconds.</source>
        <translation>„{0}“ hat den Text nicht innerhalb von {1} Sekunden angenommen.</translation>
    </message>
</context>
<context>
    <name>ComparisonDialog</name>
    <message>
        <source>Compare models</source>
        <translation>Modelle vergleichen</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>Samples that come with the program</source>
        <translation>Beispiele, die zum Programm gehören</translation>
    </message>
    <message>
        <source>Lines of my sessions that I corrected</source>
        <translation>Zeilen meiner Sitzungen, die ich verbessert habe</translation>
    </message>
    <message>
        <source>A folder with recordings and texts…</source>
        <translation>Ein Ordner mit Aufnahmen und Texten…</translation>
    </message>
    <message>
        <source>Also with a second editing pass</source>
        <translation>Auch mit einem zweiten Durchgang</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Wrong words of each model as bars</source>
        <translation>Falsche Wörter jedes Modells als Balken</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>Dieses Modell verwenden</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Wrong words</source>
        <translation>Falsche Wörter</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>In silence</source>
        <translation>In Stille</translation>
    </message>
    <message>
        <source>Text after</source>
        <translation>Text nach</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Each installed model transcribes recordings whose text is known, and its wrong words are counted. Nothing leaves this computer. It may take minutes.</source>
        <translation>Jedes installierte Modell schreibt Aufnahmen auf, deren Text bekannt ist, und seine falschen Wörter werden gezählt. Nichts verlässt diesen Computer. Das kann Minuten dauern.</translation>
    </message>
    <message>
        <source>Folder with recordings and texts</source>
        <translation>Ordner mit Aufnahmen und Texten</translation>
    </message>
    <message>
        <source>Folder: {0}</source>
        <translation>Ordner: {0}</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} ({1} to {2})</source>
        <translation>{0} ({1} bis {2})</translation>
    </message>
    <message>
        <source>prepared</source>
        <translation>vorbereitet</translation>
    </message>
    <message>
        <source>as published</source>
        <translation>wie veröffentlicht</translation>
    </message>
    <message>
        <source>{0}, {1} passes</source>
        <translation>{0}, {1} Durchgänge</translation>
    </message>
    <message>
        <source>Nothing was said in these recordings, so no words can be wrong.</source>
        <translation>In diesen Aufnahmen wurde nichts gesagt, also kann kein Wort falsch sein.</translation>
    </message>
    <message>
        <source>{0} words in {1} recordings.</source>
        <translation>{0} Wörter in {1} Aufnahmen.</translation>
    </message>
    <message>
        <source>These are few recordings, so the intervals say little.</source>
        <translation>Das sind wenige Aufnahmen, deshalb sagen die Intervalle wenig.</translation>
    </message>
    <message>
        <source>{0} is the fastest of those with the fewest wrong words.</source>
        <translation>{0} ist das schnellste unter denen mit den wenigsten falschen Wörtern.</translation>
    </message>
    <message>
        <source>{0} has the fewest wrong words.</source>
        <translation>{0} hat die wenigsten falschen Wörter.</translation>
    </message>
    <message>
        <source>The difference may be chance.</source>
        <translation>Der Unterschied kann Zufall sein.</translation>
    </message>
    <message>
        <source>New sessions use {0}.</source>
        <translation>Neue Sitzungen verwenden {0}.</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Length of the session</source>
        <translation>Länge der Sitzung</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Show the listening session</source>
        <translation>Laufende Sitzung zeigen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Get the full model</source>
        <translation>Vollständiges Modell holen</translation>
    </message>
    <message>
        <source>Delay {0} s</source>
        <translation>Verzögerung {0} s</translation>
    </message>
    <message>
        <source>{0} s behind</source>
        <translation>{0} s im Rückstand</translation>
    </message>
    <message>
        <source>Start transcribing (Space)</source>
        <translation>Mitschrift starten (Leertaste)</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
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
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>End the session (Space)</source>
        <translation>Sitzung beenden (Leertaste)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>DateRangeDialog</name>
    <message>
        <source>Sessions of chosen days</source>
        <translation>Sitzungen ausgewählter Tage</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;Bis</translation>
    </message>
</context>
<context>
    <name>DeleteDialog</name>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>What do you want to delete from {0} sessions?</source>
        <translation>Was soll von {0} Sitzungen gelöscht werden?</translation>
    </message>
    <message>
        <source>What do you want to delete from “{0}”?</source>
        <translation>Was soll von „{0}“ gelöscht werden?</translation>
    </message>
    <message>
        <source>This can&apos;t be undone.</source>
        <translation>Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>Alles löschen</translation>
    </message>
    <message>
        <source>Audio only</source>
        <translation>Nur Ton</translation>
    </message>
    <message>
        <source>Text only</source>
        <translation>Nur Text</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>DeliveryQueue</name>
    <message>
        <source>Too many texts are waiting.</source>
        <translation>Zu viele Texte warten.</translation>
    </message>
    <message>
        <source>You switched windows before the text was ready.</source>
        <translation>Sie haben das Fenster gewechselt, bevor der Text fertig war.</translation>
    </message>
    <message>
        <source>no text was delivered yet.</source>
        <translation>noch wurde nichts übergeben.</translation>
    </message>
    <message>
        <source>the position of the text is not known.</source>
        <translation>es ist nicht bekannt, wo der Text ist.</translation>
    </message>
    <message>
        <source>another window has the focus now.</source>
        <translation>jetzt ist ein anderes Fenster aktiv.</translation>
    </message>
    <message>
        <source>programs erase its characters in different ways.</source>
        <translation>Programme löschen diese Zeichen unterschiedlich.</translation>
    </message>
    <message>
        <source>the clipboard contains nothing else.</source>
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
        <source>Discarded</source>
        <translation>Verworfen</translation>
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
    <name>DeliveryWorker</name>
    <message>
        <source>Granite Live was closed before the text was delivered.</source>
        <translation>Granite Live wurde geschlossen, bevor der Text übergeben war.</translation>
    </message>
    <message>
        <source>No window has the focus.</source>
        <translation>Kein Fenster ist aktiv.</translation>
    </message>
    <message>
        <source>Click into another program first.</source>
        <translation>Bitte zuerst in ein anderes Programm klicken.</translation>
    </message>
    <message>
        <source>&apos;{0}&apos; asks for a password: no text was inserted there.</source>
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
        <source>&apos;{0}&apos; no longer has the focus.</source>
        <translation>„{0}“ ist nicht mehr aktiv.</translation>
    </message>
</context>
<context>
    <name>DictatedTextRow</name>
    <message>
        <source>Copy the text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>Dictation</name>
    <message>
        <source>Ready (loading the model…)</source>
        <translation>Bereit (Modell wird geladen …)</translation>
    </message>
    <message>
        <source>Ready (main window is listening)</source>
        <translation>Bereit (das Hauptfenster hört zu)</translation>
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
        <source>Ready (not recording)</source>
        <translation>Bereit (keine Aufnahme)</translation>
    </message>
    <message>
        <source>Finishing up…</source>
        <translation>Wird fertiggestellt …</translation>
    </message>
    <message>
        <source>No target window</source>
        <translation>Kein Zielfenster</translation>
    </message>
    <message>
        <source>Into: Granite Live (click another window)</source>
        <translation>In: Granite Live (anderes Fenster anklicken)</translation>
    </message>
    <message>
        <source>Into: {0}</source>
        <translation>In: {0}</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Halten und sprechen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Hold {0} and speak.</source>
        <translation>{0} halten und sprechen.</translation>
    </message>
    <message>
        <source>Press {0} to start and stop.</source>
        <translation>{0} drücken zum Starten und Stoppen.</translation>
    </message>
    <message>
        <source>Older texts are in the transcript: {0}</source>
        <translation>Ältere Texte stehen im Transkript: {0}</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>The session ends…</source>
        <translation>Die Sitzung endet…</translation>
    </message>
    <message>
        <source>A password is asked for</source>
        <translation>Ein Kennwort wird verlangt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>No key is set for other programs: use the button.</source>
        <translation>Nehmen Sie den Knopf: Für andere Programme ist keine Taste festgelegt.</translation>
    </message>
</context>
<context>
    <name>DictationController</name>
    <message>
        <source>Delivering…</source>
        <translation>Wird übergeben…</translation>
    </message>
    <message>
        <source>Texts are copied. Paste them where you want them.</source>
        <translation>Texte werden kopiert. Fügen Sie sie ein, wo Sie wollen.</translation>
    </message>
</context>
<context>
    <name>DictationIndicator</name>
    <message>
        <source>Esc cancels</source>
        <translation>Esc bricht ab</translation>
    </message>
</context>
<context>
    <name>DictationPage</name>
    <message>
        <source>Understand spoken commands</source>
        <translation>Gesprochene Befehle verstehen</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Halten und sprechen</translation>
    </message>
    <message>
        <source>Press to start and stop</source>
        <translation>Drücken zum Starten und Stoppen</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Modus</translation>
    </message>
    <message>
        <source>Pasting (clipboard restored)</source>
        <translation>Einfügen (Zwischenablage bleibt)</translation>
    </message>
    <message>
        <source>Typing</source>
        <translation>Tippen</translation>
    </message>
    <message>
        <source>Copying only</source>
        <translation>Nur Kopieren</translation>
    </message>
    <message>
        <source>Insert text by</source>
        <translation>Text einsetzen durch</translation>
    </message>
    <message>
        <source>“New line”, “new paragraph” and “scratch that”; “neue Zeile”, “neuer Absatz” and “streich das”. Recognized only when spoken on their own.</source>
        <translation>„Neue Zeile“, „neuer Absatz“ und „streich das“; „new line“, „new paragraph“ und „scratch that“. Sie gelten nur, wenn sie für sich allein gesprochen werden.</translation>
    </message>
    <message>
        <source>Open the pad when the program starts</source>
        <translation>Diktatfenster beim Programmstart öffnen</translation>
    </message>
    <message>
        <source>While the pad is open, the microphone is on standby. Nothing is recorded until you press the shortcut.</source>
        <translation>Solange das Diktatfenster offen ist, ist das Mikrofon in Bereitschaft. Aufgenommen wird erst nach dem Drücken der Taste.</translation>
    </message>
    <message>
        <source>Use the default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Use the default shortcut</source>
        <translation>Standardkürzel verwenden</translation>
    </message>
    <message>
        <source>Global shortcut</source>
        <translation>Globales Tastenkürzel</translation>
    </message>
    <message>
        <source>Fast mode</source>
        <translation>Schneller Modus</translation>
    </message>
    <message>
        <source>Send after a pause of</source>
        <translation>Senden nach einer Pause von</translation>
    </message>
    <message>
        <source>Fast mode skips the correction step when the draft is fairly certain: about one extra error per 1,000 words. Changes apply to the next session.</source>
        <translation>Der schnelle Modus überspringt die Korrektur, wenn der Entwurf recht sicher ist: etwa ein Fehler mehr auf 1000 Wörter. Änderungen gelten ab der nächsten Sitzung.</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
</context>
<context>
    <name>DictationWindow</name>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Close (releases the microphone)</source>
        <translation>Schließen (gibt das Mikrofon frei)</translation>
    </message>
    <message>
        <source>Close the pad</source>
        <translation>Diktatfenster schließen</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop audio and video files here to transcribe them</source>
        <translation>Audio- und Videodateien hier ablegen, um sie zu transkribieren</translation>
    </message>
</context>
<context>
    <name>Editing</name>
    <message>
        <source>This line is still being saved. Try again in a moment.</source>
        <translation>Diese Zeile wird noch gespeichert. Gleich noch einmal versuchen.</translation>
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
        <source>Time of each word</source>
        <translation>Zeit jedes Wortes</translation>
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
        <source>SubStation Alpha subtitles</source>
        <translation>Untertitel für SubStation Alpha</translation>
    </message>
    <message>
        <source>Lyrics</source>
        <translation>Liedtext</translation>
    </message>
    <message>
        <source>JSON (word timings)</source>
        <translation>JSON (Zeiten der Wörter)</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word-Dokument</translation>
    </message>
    <message>
        <source>PDF document</source>
        <translation>PDF-Dokument</translation>
    </message>
    <message>
        <source>Times of paragraphs</source>
        <translation>Zeiten der Absätze</translation>
    </message>
    <message>
        <source>Numbers as digits</source>
        <translation>Zahlen als Ziffern</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Rules for subtitles</source>
        <translation>Regeln für Untertitel</translation>
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
        <source>Previous match</source>
        <translation>Vorheriger Treffer</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Replace with</source>
        <translation>Ersetzen durch</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Replace all</source>
        <translation>Alle ersetzen</translation>
    </message>
    <message>
        <source>No matches</source>
        <translation>Keine Treffer</translation>
    </message>
    <message>
        <source>{0} matches</source>
        <translation>{0} Treffer</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>Suche schließen</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>FirstStartController</name>
    <message>
        <source>Looking for models…</source>
        <translation>Modelle werden gesucht…</translation>
    </message>
    <message>
        <source>The full model is installed.</source>
        <translation>Das vollständige Modell ist installiert.</translation>
    </message>
    <message>
        <source>You can find all models later in the ⋯ menu.</source>
        <translation>Alle Modelle finden Sie später im Menü ⋯.</translation>
    </message>
</context>
<context>
    <name>FirstStartPage</name>
    <message>
        <source>Welcome to Granite Live</source>
        <translation>Willkommen bei Granite Live</translation>
    </message>
    <message>
        <source>Press Space and speak: your words appear here, and nothing leaves this computer.</source>
        <translation>Leertaste drücken und sprechen: Ihre Worte erscheinen hier, und nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>3. Get the full model</source>
        <translation>3. Das vollständige Modell holen</translation>
    </message>
    <message>
        <source>Skip these steps</source>
        <translation>Schritte überspringen</translation>
    </message>
    <message>
        <source>Test it: the bar moves while you speak. Nothing is recorded.</source>
        <translation>Testen Sie es: Der Balken bewegt sich, während Sie sprechen. Nichts wird aufgenommen.</translation>
    </message>
    <message>
        <source>1. Choose your microphone</source>
        <translation>1. Mikrofon wählen</translation>
    </message>
    <message>
        <source>2. Try dictation and captions</source>
        <translation>2. Diktat und Untertitel ausprobieren</translation>
    </message>
    <message>
        <source>Field to try dictation</source>
        <translation>Feld zum Ausprobieren des Diktats</translation>
    </message>
    <message>
        <source>Captions overlay</source>
        <translation>Untertitel-Einblendung</translation>
    </message>
    <message>
        <source>Hold {0} and speak, here or in any other program. Captions show what is said on top of all windows.</source>
        <translation>Halten Sie {0} und sprechen Sie, hier oder in jedem anderen Programm. Untertitel zeigen über allen Fenstern, was gesagt wird.</translation>
    </message>
    <message>
        <source>Press {0}, speak, and press it again, here or in any other program. Captions show what is said on top of all windows.</source>
        <translation>Drücken Sie {0}, sprechen Sie, und drücken Sie noch einmal, hier oder in jedem anderen Programm. Untertitel zeigen über allen Fenstern, was gesagt wird.</translation>
    </message>
    <message>
        <source>Dictation writes into other programs: open the dictation pad in the ⋯ menu. Captions show what is said on top of all windows.</source>
        <translation>Das Diktat schreibt in andere Programme: Öffnen Sie das Diktatfenster im Menü ⋯. Untertitel zeigen über allen Fenstern, was gesagt wird.</translation>
    </message>
    <message>
        <source>What you dictate appears here</source>
        <translation>Was Sie diktieren, erscheint hier</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>End the test</source>
        <translation>Test beenden</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>Transcribe live speech</source>
        <translation>Gesprochenes mitschreiben</translation>
    </message>
    <message>
        <source>Choose the microphone below the text and press Start. Gray words are a draft; the final text follows at each pause. Speech is transcribed on this computer only.</source>
        <translation>Wählen Sie unter dem Text das Mikrofon und drücken Sie auf Start. Graue Wörter sind ein Entwurf, der endgültige Text folgt in jeder Pause. Gesprochenes wird nur auf diesem Rechner transkribiert.</translation>
    </message>
    <message>
        <source>Transcribe audio and video files</source>
        <translation>Audio- und Videodateien transkribieren</translation>
    </message>
    <message>
        <source>Choose File &gt; Open files, or drop files on the window.</source>
        <translation>Wählen Sie Datei &gt; Dateien öffnen, oder ziehen Sie Dateien auf das Fenster.</translation>
    </message>
    <message>
        <source>Correct and export</source>
        <translation>Korrigieren und exportieren</translation>
    </message>
    <message>
        <source>Press Enter to edit a line. Underlined words are uncertain. Export writes plain text, subtitles, Markdown, JSON or Word.</source>
        <translation>Mit der Eingabetaste bearbeiten Sie eine Zeile. Unterstrichene Wörter sind unsicher. Exportiert wird als Text, Untertitel, Markdown, JSON oder Word.</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>View &gt; Captions overlay shows live captions above all windows. Choose the computer&apos;s sound as the input to caption a video or a call.</source>
        <translation>Ansicht &gt; Untertitel einblenden zeigt Gesprochenes über allen Fenstern. Für ein Video oder einen Anruf wählen Sie den Ton des Rechners als Eingang.</translation>
    </message>
    <message>
        <source>Dictate into other programs</source>
        <translation>In andere Programme diktieren</translation>
    </message>
    <message>
        <source>Open View &gt; Dictation pad, click into the other program, hold the shortcut shown on the pad and speak.</source>
        <translation>Öffnen Sie Ansicht &gt; Diktatfenster, klicken Sie in das andere Programm, halten Sie die dort gezeigten Tasten und sprechen Sie.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>The demo model makes many mistakes. File &gt; Models downloads the full model once.</source>
        <translation>Das Demomodell macht viele Fehler. Datei &gt; Modelle lädt das vollständige Modell einmalig herunter.</translation>
    </message>
    <message>
        <source>Start or stop, if the focused control does not use the key</source>
        <translation>Starten oder beenden, wenn sonst nichts die Taste braucht</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Edit the line</source>
        <translation>Zeile bearbeiten</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Rename the selected session</source>
        <translation>In der Liste markierte Sitzung umbenennen</translation>
    </message>
    <message>
        <source>Delete the selection</source>
        <translation>Ausgewähltes löschen</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
</context>
<context>
    <name>HelpController</name>
    <message>
        <source>The diagnostic information was copied. It contains no names, paths or texts.</source>
        <translation>Die Diagnoseinformationen sind kopiert. Sie enthalten keine Namen, Pfade oder Texte.</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Erste Schritte</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>InputPicker</name>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>No microphone is connected. Connect one: it appears here by itself.</source>
        <translation>Kein Mikrofon ist angeschlossen. Schließen Sie eines an: Es erscheint hier von selbst.</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>Kein Mikrofon</translation>
    </message>
    <message>
        <source>Looking for microphones…</source>
        <translation>Mikrofone werden gesucht…</translation>
    </message>
    <message>
        <source>{0} (muted)</source>
        <translation>{0} (stumm)</translation>
    </message>
    <message>
        <source>{0} + computer&apos;s sound</source>
        <translation>{0} + Ton des Rechners</translation>
    </message>
    <message>
        <source>Microphones</source>
        <translation>Mikrofone</translation>
    </message>
    <message>
        <source>System audio</source>
        <translation>Ton des Rechners</translation>
    </message>
    <message>
        <source>Microphone and computer&apos;s sound (meeting)</source>
        <translation>Mikrofon und Ton des Rechners (Besprechung)</translation>
    </message>
    <message>
        <source>Remove what the microphone hears of the loudspeakers</source>
        <translation>Entfernen, was das Mikrofon von den Lautsprechern hört</translation>
    </message>
    <message>
        <source>Connect a microphone. It will appear here.</source>
        <translation>Schließen Sie ein Mikrofon an. Es erscheint dann hier.</translation>
    </message>
</context>
<context>
    <name>JobQueue</name>
    <message>
        <source>No text was recognized; the session is unchanged.</source>
        <translation>Daraus wurde kein Text; die Sitzung ist, wie sie war.</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Click a field and press the new shortcut. Backspace removes a shortcut.</source>
        <translation>Klicken Sie in ein Feld und drücken Sie das neue Kürzel. Die Rücktaste entfernt ein Kürzel.</translation>
    </message>
    <message>
        <source>Keys: {0}</source>
        <translation>Tasten: {0}</translation>
    </message>
    <message>
        <source>Reset to defaults</source>
        <translation>Auf Standard zurücksetzen</translation>
    </message>
    <message>
        <source>{0} is already used for “{1}”.</source>
        <translation>{0} ist schon für „{1}“ vergeben.</translation>
    </message>
    <message>
        <source>{0} is needed for typing: add Ctrl or Alt, or choose a function key.</source>
        <translation>{0} wird zum Tippen gebraucht: Nehmen Sie Strg oder Alt dazu, oder wählen Sie eine Funktionstaste.</translation>
    </message>
    <message>
        <source>a fixed command</source>
        <translation>einen festen Befehl</translation>
    </message>
</context>
<context>
    <name>LevelBar</name>
    <message>
        <source>Level</source>
        <translation>Pegel</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>Kein Signal</translation>
    </message>
    <message>
        <source>Too loud (clipping)</source>
        <translation>Zu laut (übersteuert)</translation>
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
        <source>Enter to save, Esc to cancel, Ctrl+Enter to split</source>
        <translation>Enter speichert, Esc bricht ab, Strg+Enter teilt</translation>
    </message>
</context>
<context>
    <name>LineMenu</name>
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
        <source>Pause playback</source>
        <translation>Wiedergabe anhalten</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Revert to original text</source>
        <translation>Ursprünglichen Text wiederherstellen</translation>
    </message>
    <message>
        <source>Merge with next line</source>
        <translation>Mit der nächsten Zeile verbinden</translation>
    </message>
    <message>
        <source>Replace “{0}” with “{1}”</source>
        <translation>„{0}“ durch „{1}“ ersetzen</translation>
    </message>
    <message>
        <source>Split here</source>
        <translation>Hier teilen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>ListeningPage</name>
    <message>
        <source>{0} (computer&apos;s sound)</source>
        <translation>{0} (Ton des Computers)</translation>
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
        <source>Silero (best in noise)</source>
        <translation>Silero (am besten bei Lärm)</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Systemstandard</translation>
    </message>
    <message>
        <source>Disconnected device</source>
        <translation>Getrenntes Gerät</translation>
    </message>
    <message>
        <source>Keep the microphone open in the foreground</source>
        <translation>Mikrofon im Vordergrund offen halten</translation>
    </message>
    <message>
        <source>A session starts sooner, above all with a wireless microphone. Nothing is recorded before you start, but the system shows that the microphone is in use.</source>
        <translation>Eine Sitzung beginnt schneller, vor allem mit einem Funkmikrofon. Vor dem Start wird nichts aufgenommen, aber das System zeigt, dass das Mikrofon benutzt wird.</translation>
    </message>
    <message>
        <source>New line after a pause of</source>
        <translation>Neue Zeile nach einer Pause von</translation>
    </message>
    <message>
        <source>WebRTC (least CPU)</source>
        <translation>WebRTC (wenig Rechenzeit)</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>Sprache finden mit</translation>
    </message>
    <message>
        <source>Changes apply to the next session.</source>
        <translation>Änderungen gelten ab der nächsten Sitzung.</translation>
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
        <source>Keep for (days)</source>
        <translation>Aufbewahren (Tage)</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Aufbewahren</translation>
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
        <source>Write the live text to a text file</source>
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
        <source>Last lines only:</source>
        <translation>Nur die letzten Zeilen:</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Keeps a text file up to date with what is said, e.g. for OBS. It is cleared when a session starts.</source>
        <translation>Hält eine Textdatei auf dem Stand des Gesagten, z. B. für OBS. Sie wird zu Beginn jeder Sitzung geleert.</translation>
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
        <source>Language</source>
        <translation>Sprache</translation>
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
        <source>System default</source>
        <translation>Systemstandard</translation>
    </message>
    <message>
        <source>Restart to change the language.</source>
        <translation>Die Sprache wechselt beim nächsten Start.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
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
    <name>MainController</name>
    <message>
        <source>Captions are click-through. Turn this off in the ⋯ menu.</source>
        <translation>Klicks gehen durch die Untertitel. Ausschalten im Menü ⋯.</translation>
    </message>
    <message>
        <source>Captions are click-through. Press {0} to turn this off.</source>
        <translation>Klicks gehen durch die Untertitel. Ausschalten mit {0}.</translation>
    </message>
    <message>
        <source>No speech was recorded, so the session was not kept.</source>
        <translation>Es wurde nichts gesagt, daher wurde die Sitzung nicht aufbewahrt.</translation>
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
        <source>Transcribe audio and video files</source>
        <translation>Audio- und Videodateien transkribieren</translation>
    </message>
</context>
<context>
    <name>ModelController</name>
    <message>
        <source>You can find all models later in the ⋯ menu.</source>
        <translation>Alle Modelle finden Sie später im Menü ⋯.</translation>
    </message>
</context>
<context>
    <name>ModelOffer</name>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Other models…</source>
        <translation>Andere Modelle…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Downloading {0}</source>
        <translation>{0} wird heruntergeladen</translation>
    </message>
    <message>
        <source>Verifying files and testing the model</source>
        <translation>Dateien werden geprüft, das Modell wird getestet</translation>
    </message>
    <message>
        <source>One-time optimization, a few minutes (optional)</source>
        <translation>Einmalige Optimierung, einige Minuten (nicht nötig)</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Checking {0}</source>
        <translation>{0} wird geprüft</translation>
    </message>
</context>
<context>
    <name>ModelPage</name>
    <message>
        <source>Installed model (or demo)</source>
        <translation>Installiertes Modell (oder Demo)</translation>
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
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Run on</source>
        <translation>Ausführen auf</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Only when almost certain</source>
        <translation>Nur wenn fast sicher</translation>
    </message>
    <message>
        <source>More often (faster, less accurate)</source>
        <translation>Öfter (schneller, ungenauer)</translation>
    </message>
    <message>
        <source>Skip correction of confident drafts</source>
        <translation>Sichere Entwürfe nicht korrigieren</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>Free its memory without speech for</source>
        <translation>Speicher freigeben nach Stille von</translation>
    </message>
    <message>
        <source>Changes apply to the next session.</source>
        <translation>Änderungen gelten ab der nächsten Sitzung.</translation>
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
        <source>Edit each text at most</source>
        <translation>Jeden Text überarbeiten, höchstens</translation>
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
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Download again</source>
        <translation>Neu herunterladen</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
</context>
<context>
    <name>ModelTasks</name>
    <message>
        <source>Download paused. You can resume it later.</source>
        <translation>Download angehalten. Sie können ihn später fortsetzen.</translation>
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
        <source>The import was stopped; nothing was installed.</source>
        <translation>Das Importieren wurde abgebrochen; nichts davon bleibt.</translation>
    </message>
    <message>
        <source>Importing {0}</source>
        <translation>{0} wird importiert</translation>
    </message>
    <message>
        <source>{0} is installed.</source>
        <translation>{0} ist installiert.</translation>
    </message>
    <message>
        <source>Freed {0}.</source>
        <translation>{0} freigegeben.</translation>
    </message>
    <message>
        <source>Switching to {0}…</source>
        <translation>Wechsel zu {0} …</translation>
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
        <source>{0} is in use.</source>
        <translation>{0} wird verwendet.</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Archives (*.zip *.tar *.tar.gz *.tgz)</source>
        <translation>Archive (*.zip *.tar *.tar.gz *.tgz)</translation>
    </message>
    <message>
        <source>Archive of a model</source>
        <translation>Archiv eines Modells</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} checks failed. Remove this model and download it again.</source>
        <translation>{0}: {1} von {2} Prüfungen nicht bestanden. Entfernen Sie dieses Modell, und laden Sie es neu herunter.</translation>
    </message>
    <message>
        <source>{0}: no problems found.</source>
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
        <source>It failed its check and is not used ({0}). Check it again, or download it again.</source>
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
        <source>Recommended</source>
        <translation>Empfohlen</translation>
    </message>
    <message>
        <source>Optimizing {0} for this computer</source>
        <translation>{0} wird für diesen Computer optimiert</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} und {1}</translation>
    </message>
    <message>
        <source>Resume downloading {0}?</source>
        <translation>Download von {0} fortsetzen?</translation>
    </message>
    <message>
        <source>Download {0}</source>
        <translation>{0} herunterladen</translation>
    </message>
    <message>
        <source>You&apos;re using a small demo model. Expect mistakes.</source>
        <translation>Sie benutzen ein kleines Demomodell. Rechnen Sie mit Fehlern.</translation>
    </message>
    <message>
        <source>The full model is far more accurate and understands {0}.</source>
        <translation>Das volle Modell ist viel genauer und versteht {0}.</translation>
    </message>
    <message>
        <source>{0} of {1} already downloaded. The rest comes from {2}.</source>
        <translation>{0} von {1} sind schon heruntergeladen. Der Rest kommt von {2}.</translation>
    </message>
    <message>
        <source>One-time download: {0} from {1}.</source>
        <translation>Einmaliger Download: {0} von {1}.</translation>
    </message>
    <message>
        <source>It will be stored in {0}.</source>
        <translation>Es wird in {0} gespeichert.</translation>
    </message>
    <message>
        <source>That takes about {0} minutes at 50 Mbit/s, in the background.</source>
        <translation>Das dauert bei 50 Mbit/s etwa {0} Minuten, im Hintergrund.</translation>
    </message>
    <message>
        <source>Version: {0} ({1}).</source>
        <translation>Version: {0} ({1}).</translation>
    </message>
    <message>
        <source>Why {0} ({1}): {2}</source>
        <translation>Warum {0} ({1}): {2}</translation>
    </message>
    <message>
        <source>Checking availability…</source>
        <translation>Verfügbarkeit wird geprüft …</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0}/s</translation>
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
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Vergleichen…</translation>
    </message>
    <message>
        <source>Count the wrong words of each model</source>
        <translation>Die falschen Wörter jedes Modells zählen</translation>
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
        <source>Models are stored in {0} ({1} free).</source>
        <translation>Modelle liegen in {0} ({1} frei).</translation>
    </message>
    <message>
        <source>Downloading {0}</source>
        <translation>{0} wird heruntergeladen</translation>
    </message>
    <message>
        <source>Remove {0}? This frees {1}. You can download it again later.</source>
        <translation>{0} entfernen? Das macht {1} frei. Sie können es später wieder herunterladen.</translation>
    </message>
    <message>
        <source>Remove unfinished downloads ({0})</source>
        <translation>Unfertige Downloads entfernen ({0})</translation>
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
    <name>PageSelector</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>PlaybackBar</name>
    <message>
        <source>Back 5 seconds</source>
        <translation>5 Sekunden zurück</translation>
    </message>
    <message>
        <source>Forward 5 seconds</source>
        <translation>5 Sekunden vor</translation>
    </message>
    <message>
        <source>Playback speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Side of the conversation that is played</source>
        <translation>Seite des Gesprächs, die abgespielt wird</translation>
    </message>
    <message>
        <source>Both sides</source>
        <translation>Beide Seiten</translation>
    </message>
    <message>
        <source>Only others</source>
        <translation>Nur andere</translation>
    </message>
    <message>
        <source>Only me</source>
        <translation>Nur ich</translation>
    </message>
    <message>
        <source>Pause playback</source>
        <translation>Wiedergabe anhalten</translation>
    </message>
    <message>
        <source>Play the recording</source>
        <translation>Aufnahme abspielen</translation>
    </message>
    <message>
        <source>{0} (Space)</source>
        <translation>{0} (Leertaste)</translation>
    </message>
</context>
<context>
    <name>PlaybackController</name>
    <message>
        <source>The sound of this session was deleted, so it cannot be played.</source>
        <translation>Der Ton dieser Sitzung ist gelöscht: Es gibt nichts abzuspielen.</translation>
    </message>
    <message>
        <source>You can play this line once it&apos;s final.</source>
        <translation>Diese Zeile lässt sich abspielen, sobald sie fertig ist.</translation>
    </message>
    <message>
        <source>Playback is off while listening.</source>
        <translation>Beim Zuhören wird nichts abgespielt.</translation>
    </message>
    <message>
        <source>Pause listening to play audio.</source>
        <translation>Zum Abspielen das Zuhören anhalten.</translation>
    </message>
    <message>
        <source>Pause and play</source>
        <translation>Anhalten und abspielen</translation>
    </message>
</context>
<context>
    <name>ProgramPage</name>
    <message>
        <source>Keep running in the tray when closed</source>
        <translation>Beim Schließen im Infobereich weiterlaufen</translation>
    </message>
    <message>
        <source>No system tray available: closing the window quits.</source>
        <translation>Kein Infobereich vorhanden: Das Schließen des Fensters beendet das Programm.</translation>
    </message>
    <message>
        <source>Start when I log in</source>
        <translation>Bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>Starts in the tray if enabled above.</source>
        <translation>Startet im Infobereich, wenn das oben eingeschaltet ist.</translation>
    </message>
    <message>
        <source>Run this command with texts</source>
        <translation>Diesen Befehl mit Texten ausführen</translation>
    </message>
    <message>
        <source>Send texts to this local address</source>
        <translation>Texte an diese lokale Adresse senden</translation>
    </message>
    <message>
        <source>Every text</source>
        <translation>Jeder Text</translation>
    </message>
    <message>
        <source>Each sentence while it is said</source>
        <translation>Jeder Satz, während er gesprochen wird</translation>
    </message>
    <message>
        <source>The text of each session</source>
        <translation>Der Text jeder Sitzung</translation>
    </message>
    <message>
        <source>The text of each file</source>
        <translation>Der Text jeder Datei</translation>
    </message>
    <message>
        <source>Texts to run or send with</source>
        <translation>Texte dafür</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>PushToTalk</name>
    <message>
        <source>Part of your speech could not be transcribed. The audio is kept.</source>
        <translation>Ein Teil konnte nicht transkribiert werden. Der Ton ist gespeichert.</translation>
    </message>
</context>
<context>
    <name>QueueController</name>
    <message>
        <source>Open recordings and videos</source>
        <translation>Aufnahmen und Videos öffnen</translation>
    </message>
    <message>
        <source>Audio and video ({0})</source>
        <translation>Audio und Video ({0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Nothing to recover.</source>
        <translation>Nichts wiederherzustellen.</translation>
    </message>
    <message>
        <source>Session of {0}</source>
        <translation>Sitzung von {0}</translation>
    </message>
    <message>
        <source>{0}: audio track {1} is transcribed; other tracks also have sound.</source>
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
        <source>{0} continues at {1}, where it was interrupted.</source>
        <translation>{0} geht bei {1} weiter, wo es unterbrochen wurde.</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>{0} is done; the earlier text is still in the list.</source>
        <translation>{0} ist fertig; der frühere Text ist noch in der Liste.</translation>
    </message>
    <message>
        <source>{0} is transcribed to its end.</source>
        <translation>{0} ist bis zum Ende transkribiert.</translation>
    </message>
    <message>
        <source>All sessions recovered.</source>
        <translation>Alle Sitzungen sind wiederhergestellt.</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Remove finished items</source>
        <translation>Erledigtes entfernen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause after this file</source>
        <translation>Nach dieser Datei pausieren</translation>
    </message>
</context>
<context>
    <name>RetranscribeDialog</name>
    <message>
        <source>Transcribe again</source>
        <translation>Neu transkribieren</translation>
    </message>
    <message>
        <source>Transcribe “{0}” again with which model?</source>
        <translation>Mit welchem Modell „{0}“ noch einmal transkribieren?</translation>
    </message>
    <message>
        <source>Creates a new session and keeps your corrections. The original stays unchanged.</source>
        <translation>Legt eine neue Sitzung mit den Korrekturen an. Das Original bleibt unverändert.</translation>
    </message>
    <message>
        <source>{0} (current)</source>
        <translation>{0} (aktuell)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>SerialExecutor</name>
    <message>
        <source>The disk does not respond: this could not be saved.</source>
        <translation>Der Datenträger antwortet nicht: Das konnte nicht gespeichert werden.</translation>
    </message>
</context>
<context>
    <name>ServiceDialog</name>
    <message>
        <source>Other programs and devices</source>
        <translation>Andere Programme und Geräte</translation>
    </message>
    <message>
        <source>Serve captions and transcription to other programs on this computer</source>
        <translation>Untertitel und Transkription anderen Programmen auf diesem Computer anbieten</translation>
    </message>
    <message>
        <source>Captions for OBS or a browser</source>
        <translation>Untertitel für OBS oder einen Browser</translation>
    </message>
    <message>
        <source>Transcription as with OpenAI&apos;s API</source>
        <translation>Transkription wie mit OpenAIs API</translation>
    </message>
    <message>
        <source>File with the token (API key)</source>
        <translation>Datei mit dem Schlüssel (API key)</translation>
    </message>
    <message>
        <source>Show captions on a phone…</source>
        <translation>Untertitel auf einem Telefon zeigen…</translation>
    </message>
    <message>
        <source>Captions for other devices</source>
        <translation>Untertitel für andere Geräte</translation>
    </message>
    <message>
        <source>QR code of the address for other devices</source>
        <translation>QR-Code der Adresse für andere Geräte</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Nothing outside of this computer can connect, unless you share the captions. Programs need the token. The model for their recordings is freed when it is not used.</source>
        <translation>Nichts außerhalb dieses Computers kann sich verbinden, außer wenn Sie die Untertitel zeigen. Programme brauchen den Schlüssel. Das Modell für ihre Aufnahmen wird freigegeben, wenn es nicht benutzt wird.</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>Nicht mehr zeigen</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>dieser Computer</translation>
    </message>
    <message>
        <source>{0}, since {1}</source>
        <translation>{0}, seit {1}</translation>
    </message>
    <message>
        <source>Watching now: {0}</source>
        <translation>Es sehen zu: {0}</translation>
    </message>
    <message>
        <source>Nobody watches the captions.</source>
        <translation>Niemand sieht die Untertitel.</translation>
    </message>
    <message>
        <source>Show the captions to other devices in your network?</source>
        <translation>Die Untertitel anderen Geräten in Ihrem Netz zeigen?</translation>
    </message>
    <message>
        <source>Everybody in the network of {0} who has the link can read the captions until you stop sharing or close the program. They are sent unencrypted.</source>
        <translation>Jeder im Netz von {0}, der den Link hat, kann die Untertitel lesen, bis Sie das beenden oder das Programm schließen. Sie werden unverschlüsselt gesendet.</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
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
    <name>SessionController</name>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>&amp;Start transcribing</source>
        <translation>&amp;Mitschrift starten</translation>
    </message>
    <message>
        <source>&amp;Stop transcribing</source>
        <translation>&amp;Mitschrift beenden</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
</context>
<context>
    <name>SessionNotices</name>
    <message>
        <source>{0} is back.</source>
        <translation>{0} ist wieder da.</translation>
    </message>
</context>
<context>
    <name>SessionView</name>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Transcribe the rest of this file</source>
        <translation>Den Rest dieser Datei transkribieren</translation>
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
        <source>More options</source>
        <translation>Weitere Optionen</translation>
    </message>
    <message>
        <source>Writing {0}</source>
        <translation>Schreibt {0}</translation>
    </message>
    <message>
        <source>The live text is written to {0}</source>
        <translation>Gesprochenes kommt in {0}</translation>
    </message>
</context>
<context>
    <name>Sessions</name>
    <message>
        <source>New session</source>
        <translation>Neue Sitzung</translation>
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
        <source>The text of this session was deleted; its sound is kept.</source>
        <translation>Der Text dieser Sitzung ist gelöscht; ihr Ton ist noch da.</translation>
    </message>
    <message>
        <source>Audio only</source>
        <translation>Nur Ton</translation>
    </message>
    <message>
        <source>Not transcribed yet</source>
        <translation>Noch nicht transkribiert</translation>
    </message>
    <message>
        <source>No speech</source>
        <translation>Keine Sprache</translation>
    </message>
    <message>
        <source>This session was interrupted. Recover it to get its text.</source>
        <translation>Diese Sitzung wurde unterbrochen. Mit „Wiederherstellen“ kommt ihr Text.</translation>
    </message>
    <message>
        <source>The text appears here line by line.</source>
        <translation>Der Text erscheint hier Zeile für Zeile.</translation>
    </message>
    <message>
        <source>No speech was detected in this session.</source>
        <translation>In dieser Sitzung wurde keine Sprache erkannt.</translation>
    </message>
    <message>
        <source>This session is running: stop it first.</source>
        <translation>Diese Sitzung läuft: Beenden Sie sie zuerst.</translation>
    </message>
    <message>
        <source>This session is unfinished: recover it first.</source>
        <translation>Diese Sitzung ist nicht abgeschlossen: Stellen Sie sie zuerst wieder her.</translation>
    </message>
    <message>
        <source>The sound of this session was deleted.</source>
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
        <source>audio only</source>
        <translation>nur Ton</translation>
    </message>
    <message>
        <source>● Listening</source>
        <translation>● Hört zu</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>Nach Titel</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>Längste zuerst</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>Alle Tage</translation>
    </message>
    <message>
        <source>Today only</source>
        <translation>Nur heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Last 365 days</source>
        <translation>Letzte 365 Tage</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Von … bis …</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} bis {1}</translation>
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
        <source>Appearance</source>
        <translation>Darstellung</translation>
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
        <source>Vocabulary</source>
        <translation>Wortschatz</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>Start/stop</source>
        <translation>Starten/Stoppen</translation>
    </message>
    <message>
        <source>Pause/resume</source>
        <translation>Pausieren/Fortsetzen</translation>
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
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>Vorheriger Treffer</translation>
    </message>
    <message>
        <source>Find and replace</source>
        <translation>Suchen und ersetzen</translation>
    </message>
    <message>
        <source>Click-through captions</source>
        <translation>Klicks durch die Untertitel lassen</translation>
    </message>
    <message>
        <source>Start/stop dictation</source>
        <translation>Diktat starten/beenden</translation>
    </message>
    <message>
        <source>Compact window</source>
        <translation>Kompaktes Fenster</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
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
        <source>Open or close the dictation pad</source>
        <translation>Diktatfenster öffnen oder schließen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
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
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation>Nichts gefunden.</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Transcribe audio and video files</source>
        <translation>Audio- und Videodateien transkribieren</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Sort and filter</source>
        <translation>Sortieren und filtern</translation>
    </message>
    <message>
        <source>Show all days</source>
        <translation>Alle Tage zeigen</translation>
    </message>
    <message>
        <source>Your sessions will appear here.</source>
        <translation>Hier erscheinen die Sitzungen.</translation>
    </message>
    <message>
        <source>No session of these days.</source>
        <translation>Keine Sitzung aus diesen Tagen.</translation>
    </message>
    <message>
        <source>Export {0} sessions…</source>
        <translation>{0} Sitzungen exportieren…</translation>
    </message>
    <message>
        <source>Delete {0} sessions…</source>
        <translation>{0} Sitzungen löschen…</translation>
    </message>
    <message>
        <source>Copy text</source>
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
    <name>SoundSearchDialog</name>
    <message>
        <source>Search by sound</source>
        <translation>Nach Klang suchen</translation>
    </message>
    <message>
        <source>Word or phrase</source>
        <translation>Wort oder Wendung</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Stellen</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Go to the place and play it</source>
        <translation>Zur Stelle gehen und sie abspielen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Write the searched word in place of the selected ones</source>
        <translation>Das gesuchte Wort an der ausgewählten Stelle einsetzen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Finds where something was said in the recordings, however it was written. The best places come first.</source>
        <translation>Findet in den Aufnahmen, wo etwas gesagt wurde, wie auch immer es geschrieben steht. Die besten Stellen stehen oben.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Score {0}</source>
        <translation>Wert {0}</translation>
    </message>
    <message>
        <source>Nothing that sounds like this was found.</source>
        <translation>Nichts gefunden, was so klingt.</translation>
    </message>
    <message>
        <source>{0} places found</source>
        <translation>{0} Stellen gefunden</translation>
    </message>
    <message>
        <source>Stopped. Places found so far: {0}</source>
        <translation>Angehalten. Bisher gefundene Stellen: {0}</translation>
    </message>
    <message>
        <source>(nothing written)</source>
        <translation>(nichts geschrieben)</translation>
    </message>
</context>
<context>
    <name>SpeakerEditing</name>
    <message>
        <source>Speaker</source>
        <translation>Sprecher</translation>
    </message>
    <message>
        <source>Speaker {0}</source>
        <translation>Sprecher {0}</translation>
    </message>
</context>
<context>
    <name>SpeakerMenu</name>
    <message>
        <source>Speaker</source>
        <translation>Sprecher</translation>
    </message>
    <message>
        <source>Another name…</source>
        <translation>Anderer Name …</translation>
    </message>
    <message>
        <source>Another speaker from here on…</source>
        <translation>Ab hier jemand anderes …</translation>
    </message>
    <message>
        <source>Rename “{0}” in this session…</source>
        <translation>„{0}“ in dieser Sitzung umbenennen …</translation>
    </message>
    <message>
        <source>Who says this?</source>
        <translation>Wer sagt das?</translation>
    </message>
    <message>
        <source>Who speaks from here on?</source>
        <translation>Wer spricht ab hier?</translation>
    </message>
    <message>
        <source>Name of this speaker in the whole session; another one&apos;s name merges:</source>
        <translation>Name in der ganzen Sitzung; der Name eines anderen Sprechers vereint beide:</translation>
    </message>
</context>
<context>
    <name>SpeechFinisher</name>
    <message>
        <source>Finishing the last text. The window then closes by itself.</source>
        <translation>Das Gesagte wird noch fertig geschrieben. Danach schließt sich das Fenster von selbst.</translation>
    </message>
</context>
<context>
    <name>SubtitleRules</name>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>As the BBC does</source>
        <translation>Wie die BBC</translation>
    </message>
    <message>
        <source>As Netflix does</source>
        <translation>Wie Netflix</translation>
    </message>
    <message>
        <source>Short, for phones</source>
        <translation>Kurz, für Telefone</translation>
    </message>
    <message>
        <source>At most {0} lines of {1} characters, shown for {2} to {3} seconds</source>
        <translation>Höchstens {0} Zeilen zu {1} Zeichen, {2} bis {3} Sekunden gezeigt</translation>
    </message>
    <message>
        <source>at least {0} seconds for each word</source>
        <translation>mindestens {0} Sekunden je Wort</translation>
    </message>
    <message>
        <source>at most {0} characters a second</source>
        <translation>höchstens {0} Zeichen je Sekunde</translation>
    </message>
</context>
<context>
    <name>TaskDialog</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
</context>
<context>
    <name>TermsModel</name>
    <message>
        <source>Term</source>
        <translation>Begriff</translation>
    </message>
    <message>
        <source>Sounds like</source>
        <translation>Klingt wie</translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>Where the model writes lower case</source>
        <translation>Wo das Modell nur Kleinbuchstaben schreibt</translation>
    </message>
    <message>
        <source>Replacements</source>
        <translation>Ersetzungen</translation>
    </message>
    <message>
        <source>Capitalize sentences</source>
        <translation>Sätze großschreiben</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>With</source>
        <translation>Durch</translation>
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
        <source>Applies to exports, to a watched folder and on the command line where no other rules are chosen.</source>
        <translation>Gilt für Exporte, für einen überwachten Ordner und auf der Kommandozeile, wo keine anderen Regeln gewählt sind.</translation>
    </message>
    <message>
        <source>Rules for subtitles</source>
        <translation>Regeln für Untertitel</translation>
    </message>
    <message>
        <source>Words to replace in the transcript; leave “With” empty to omit them. Changes apply to the next session.</source>
        <translation>Wörter, die im Text ersetzt werden; ist „Durch“ leer, fallen sie weg. Änderungen gelten ab der nächsten Sitzung.</translation>
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
    <name>TranscriptDocument</name>
    <message>
        <source>Take over corrections</source>
        <translation>Verbesserungen übernehmen</translation>
    </message>
</context>
<context>
    <name>TranscriptEditing</name>
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
</context>
<context>
    <name>TranscriptListView</name>
    <message>
        <source>Transcript</source>
        <translation>Mitschrift</translation>
    </message>
</context>
<context>
    <name>TranscriptModel</name>
    <message>
        <source>No text: {0}</source>
        <translation>Kein Text: {0}</translation>
    </message>
    <message>
        <source>in progress</source>
        <translation>wird gesprochen</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>Entwurf</translation>
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
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>{0}% confidence</source>
        <translation>Zu {0} % sicher</translation>
    </message>
    <message>
        <source>Draft: “{0}”</source>
        <translation>Entwurf: „{0}“</translation>
    </message>
    <message>
        <source>Not in the draft</source>
        <translation>Nicht im Entwurf</translation>
    </message>
    <message>
        <source>From your vocabulary, in place of “{0}”</source>
        <translation>Aus Ihrem Wortschatz, anstelle von „{0}“</translation>
    </message>
    <message>
        <source>From your vocabulary</source>
        <translation>Aus Ihrem Wortschatz</translation>
    </message>
    <message>
        <source>Pause playback</source>
        <translation>Wiedergabe anhalten</translation>
    </message>
    <message>
        <source>Go to end</source>
        <translation>Zum Ende</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>Show the window</source>
        <translation>Fenster zeigen</translation>
    </message>
    <message>
        <source>Captions overlay</source>
        <translation>Untertitel-Einblendung</translation>
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
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>UnfocusedWindow</name>
    <message>
        <source>Granite Live: dictation</source>
        <translation>Granite Live: Diktat</translation>
    </message>
</context>
<context>
    <name>VocabularyController</name>
    <message>
        <source>“{0}” is corrected. Add it to your vocabulary?</source>
        <translation>„{0}“ ist korrigiert. In Ihren Wortschatz aufnehmen?</translation>
    </message>
    <message>
        <source>Add “{0}”</source>
        <translation>„{0}“ aufnehmen</translation>
    </message>
    <message>
        <source>“{0}” is in your vocabulary. It may be misspelled elsewhere in this session.</source>
        <translation>„{0}“ ist in Ihrem Wortschatz. Vielleicht steht es in dieser Sitzung noch anderswo falsch.</translation>
    </message>
    <message>
        <source>Find other places…</source>
        <translation>Weitere Stellen suchen…</translation>
    </message>
    <message>
        <source>Replace by sound</source>
        <translation>Nach Klang ersetzen</translation>
    </message>
</context>
<context>
    <name>VocabularyPage</name>
    <message>
        <source>Listen for these terms</source>
        <translation>Auf diese Begriffe achten</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Choose a set, or type the name of a new one</source>
        <translation>Wählen Sie eine Gruppe, oder geben Sie den Namen einer neuen ein</translation>
    </message>
    <message>
        <source>Use this set</source>
        <translation>Diese Gruppe benutzen</translation>
    </message>
    <message>
        <source>Term to add</source>
        <translation>Neuer Begriff</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>Begriffe</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add the term</source>
        <translation>Begriff hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the selected terms</source>
        <translation>Ausgewählte Begriffe entfernen</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Import terms from a text file</source>
        <translation>Begriffe aus einer Textdatei importieren</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Export the terms of this set</source>
        <translation>Begriffe dieser Gruppe exportieren</translation>
    </message>
    <message>
        <source>Names and terms that the recognizer listens for. Changes apply to the next session.</source>
        <translation>Namen und Begriffe, auf die die Erkennung achtet. Änderungen gelten ab der nächsten Sitzung.</translation>
    </message>
    <message>
        <source>Import terms</source>
        <translation>Begriffe importieren</translation>
    </message>
    <message>
        <source>Text files (*.txt)</source>
        <translation>Textdateien (*.txt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Export terms</source>
        <translation>Begriffe exportieren</translation>
    </message>
</context>
<context>
    <name>WatchController</name>
    <message>
        <source>Watching “{0}” · {1} written</source>
        <translation>„{0}“ überwacht · {1} geschrieben</translation>
    </message>
</context>
<context>
    <name>WatchDialog</name>
    <message>
        <source>Watch a folder</source>
        <translation>Ordner überwachen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner auswählen</translation>
    </message>
    <message>
        <source>Folders in it, too</source>
        <translation>Auch Ordner darin</translation>
    </message>
    <message>
        <source>Watch again when the program starts</source>
        <translation>Beim nächsten Programmstart weiter überwachen</translation>
    </message>
    <message>
        <source>Until you stop it</source>
        <translation>Bis Sie die Überwachung beenden</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Each recording that arrives in the folder is transcribed, and its text is written beside it. Recordings that have a text are left alone.</source>
        <translation>Jede Aufnahme, die in den Ordner kommt, wird transkribiert, und ihr Text wird daneben geschrieben. Aufnahmen, die einen Text haben, bleiben unberührt.</translation>
    </message>
    <message>
        <source>Stop watching</source>
        <translation>Nicht mehr überwachen</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>Überwachen</translation>
    </message>
    <message>
        <source>Texts written: {0}</source>
        <translation>Geschriebene Texte: {0}</translation>
    </message>
    <message>
        <source>recordings in the queue: {0}</source>
        <translation>Aufnahmen in der Warteschlange: {0}</translation>
    </message>
    <message>
        <source>failed: {0}</source>
        <translation>fehlgeschlagen: {0}</translation>
    </message>
    <message>
        <source>Watching. You can close this dialog.</source>
        <translation>Der Ordner wird überwacht. Dieses Fenster kann geschlossen werden.</translation>
    </message>
    <message>
        <source>Not watching.</source>
        <translation>Kein Ordner wird überwacht.</translation>
    </message>
</context>
<context>
    <name>WaveformSlider</name>
    <message>
        <source>Playback position</source>
        <translation>Abspielposition</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Your words appear here while you talk. Nothing leaves this computer.</source>
        <translation>Ihre Worte erscheinen hier, während Sie sprechen. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>Press Space and speak</source>
        <translation>Leertaste drücken und sprechen</translation>
    </message>
    <message>
        <source>Starting the microphone…</source>
        <translation>Das Mikrofon wird gestartet…</translation>
    </message>
    <message>
        <source>Waiting for sound…</source>
        <translation>Warten auf Ton…</translation>
    </message>
    <message>
        <source>Wait a moment before you speak.</source>
        <translation>Bitte noch einen Moment nicht sprechen.</translation>
    </message>
    <message>
        <source>Start speaking. Gray words are a draft; the final text follows.</source>
        <translation>Sprechen Sie jetzt. Graue Wörter sind ein Entwurf, der endgültige Text folgt.</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>No text</source>
        <translation>Kein Text</translation>
    </message>
    <message>
        <source>Transcribing…</source>
        <translation>Wird transkribiert…</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Starting the microphone…</source>
        <translation>Das Mikrofon wird gestartet…</translation>
    </message>
    <message>
        <source>Waiting for the microphone…</source>
        <translation>Warten auf das Mikrofon…</translation>
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
        <source>{0} on {1}, 1 thread</source>
        <translation>{0} auf {1}, 1 Thread</translation>
    </message>
    <message>
        <source>{0} on {1}, {2} threads</source>
        <translation>{0} auf {1}, {2} Threads</translation>
    </message>
    <message>
        <source>Paused, not recording</source>
        <translation>Pausiert, keine Aufnahme</translation>
    </message>
    <message>
        <source>Ready. The microphone stays open for dictation, not recording.</source>
        <translation>Bereit. Das Mikrofon bleibt für das Diktat offen, ohne Aufnahme.</translation>
    </message>
    <message>
        <source>Finishing up…</source>
        <translation>Wird abgeschlossen…</translation>
    </message>
    <message>
        <source>Listening (catching up…)</source>
        <translation>Hört zu (holt auf…)</translation>
    </message>
    <message>
        <source>Recording only, not transcribing</source>
        <translation>Nur Aufnahme, ohne Transkription</translation>
    </message>
    <message>
        <source>No sound from {0}.</source>
        <translation>Kein Ton von {0}.</translation>
    </message>
    <message>
        <source>The recognizer was restarted ({0}). No speech was lost.</source>
        <translation>Die Spracherkennung wurde neu gestartet ({0}). Nichts ist verloren.</translation>
    </message>
    <message>
        <source>The other model cannot be used ({0}). The current model stays in use.</source>
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
        <source>The session is unfinished: recover it when the disk has free space.</source>
        <translation>Die Sitzung ist nicht abgeschlossen: Stellen Sie sie wieder her, wenn auf dem Datenträger Platz ist.</translation>
    </message>
    <message>
        <source>from {0} s to {1} s, because the disk accepted no more data</source>
        <translation>von {0} s bis {1} s, weil der Datenträger nichts mehr annahm</translation>
    </message>
    <message>
        <source>at {0} s, because the program was suspended or the computer was too busy</source>
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
        <source>A session was interrupted. Its audio is safe.</source>
        <translation>Eine Sitzung wurde unterbrochen. Ihr Ton ist sicher.</translation>
    </message>
    <message>
        <source>%n sessions were interrupted. Their audio is safe.</source>
        <translation>%n Sitzungen wurden unterbrochen. Ihr Ton ist sicher.</translation>
    </message>
    <message>
        <source>%n items failed. The list of files says why.</source>
        <translation>%n Einträge sind fehlgeschlagen. Die Dateiliste sagt, warum.</translation>
    </message>
    <message>
        <source>One corrected line was kept.</source>
        <translation>Eine verbesserte Zeile wurde übernommen.</translation>
    </message>
    <message>
        <source>%n corrected lines were kept.</source>
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
        <source>Queued (paused)</source>
        <translation>In der Warteschlange (pausiert)</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>In der Warteschlange</translation>
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
        <source>Transcribing again…</source>
        <translation>Wird noch einmal transkribiert …</translation>
    </message>
    <message>
        <source>Recovering…</source>
        <translation>Wird wiederhergestellt …</translation>
    </message>
    <message>
        <source>Transcribing…</source>
        <translation>Wird transkribiert …</translation>
    </message>
    <message>
        <source>Canceled; the session is unchanged</source>
        <translation>Abgebrochen; die Sitzung ist unverändert</translation>
    </message>
    <message>
        <source>Canceled; offered again at the next start</source>
        <translation>Abgebrochen; wird beim nächsten Start wieder angeboten</translation>
    </message>
    <message>
        <source>Canceled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Canceled (partial transcript kept)</source>
        <translation>Abgebrochen (Text bis dahin behalten)</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{0} canceled</source>
        <translation>{0} abgebrochen</translation>
    </message>
    <message>
        <source>{0}; pausing after this file</source>
        <translation>{0}; pausiert nach dieser Datei</translation>
    </message>
    <message>
        <source>{0} of {1} done</source>
        <translation>{0} von {1} fertig</translation>
    </message>
    <message>
        <source>{0}; paused</source>
        <translation>{0}; angehalten</translation>
    </message>
</context>
<context>
    <name>_JobRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>Fortschritt von {0}</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>{0} abbrechen</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>{0} öffnen</translation>
    </message>
</context>
</TS>
