"""Translatable sentences about models and dictation."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

MODEL_SENTENCES = (
    QT_TRANSLATE_NOOP("Told", "It is the smallest and takes the least memory on a processor."),
    QT_TRANSLATE_NOOP("Told", "{0} But it takes {1} GB of the disk and {2} GB are free."),
    QT_TRANSLATE_NOOP(
        "Told",
        "It is the smallest, but {0} GB of memory are little for it: expect the computer to "
        "become slow.",
    ),
    QT_TRANSLATE_NOOP(
        "Told", "The graphics card has too little memory for the model, so the processor is used."
    ),
    QT_TRANSLATE_NOOP("Told", "CoreML takes only {0} of the model here, so the processor is used."),
    QT_TRANSLATE_NOOP("Told", "It is the only tier there is."),
    QT_TRANSLATE_NOOP("Told", "It is the most exact of those that are here."),
    QT_TRANSLATE_NOOP(
        "Told", "It is the quickest on this processor, which multiplies integers fast."
    ),
    QT_TRANSLATE_NOOP("Told", "CoreML takes {0} of the model's operators here."),
    QT_TRANSLATE_NOOP("Told", "An NVIDIA card with {0} GB works here."),
    QT_TRANSLATE_NOOP("Told", "{0} as asked."),
    QT_TRANSLATE_NOOP(
        "Told", "The installed onnxruntime has no {0} provider, so the processor is used: {1}."
    ),
    QT_TRANSLATE_NOOP(
        "Told", "install Granite Live with the extra 'cuda' on a machine with an NVIDIA GPU"
    ),
    QT_TRANSLATE_NOOP("Told", "it exists on macOS only"),
    QT_TRANSLATE_NOOP("Told", "{0} could not open {1}, so it runs on the processor: {2}"),
    QT_TRANSLATE_NOOP("Told", "{0} took no part of {1}, so it runs on the processor."),
    QT_TRANSLATE_NOOP(
        "Told",
        "onnxruntime cannot open {0}: {1} Check the bundle with 'granite-live models verify'.",
    ),
    QT_TRANSLATE_NOOP("Told", "The published graphs are used. {0}"),
    QT_TRANSLATE_NOOP(
        "Told", "Measuring which number of threads suits this machine (once, some seconds)."
    ),
    QT_TRANSLATE_NOOP("Told", "the server was too slow"),
    QT_TRANSLATE_NOOP("Told", "the server wants fewer requests"),
    QT_TRANSLATE_NOOP("Told", "the server has a fault"),
    QT_TRANSLATE_NOOP("Told", "the server is overloaded"),
    QT_TRANSLATE_NOOP("Told", "the server cannot answer now"),
    QT_TRANSLATE_NOOP("Told", "{0} ({1})"),
    QT_TRANSLATE_NOOP(
        "Told", "The download was stopped; what was fetched stays, and the next one goes on there."
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The server does not give {0} to everybody ({1}): put an access token of your account "
        "there into HF_TOKEN, or take the model from elsewhere with --from.",
    ),
    QT_TRANSLATE_NOOP(
        "Told", "The server has no {0} ({1}): {2}, or take the model from elsewhere with --from."
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The server refuses {0} ({1}): try again later, or take the model from elsewhere with "
        "--from.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The model cannot be fetched from {0} now ({1}): check the connection and try again, it "
        "goes on where it stopped; or take the model from elsewhere with --from.",
    ),
    QT_TRANSLATE_NOOP("Told", "The model cannot be written to {0}: {1}{2}."),
    QT_TRANSLATE_NOOP("Told", "; what was fetched stays"),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} from {1} is not the file that was published ({2}), not even after {3} attempts: "
        "take the model from elsewhere with --from.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0}; trying again in {1} s."),
    QT_TRANSLATE_NOOP("Told", "{0} came wrong ({1}); fetching it again."),
    QT_TRANSLATE_NOOP("Told", "the connection broke"),
    QT_TRANSLATE_NOOP("Told", "the server does not answer"),
    QT_TRANSLATE_NOOP("Told", "there is no connection to the server"),
    QT_TRANSLATE_NOOP("Told", "only {0} bytes a second arrive"),
    QT_TRANSLATE_NOOP("Told", "it has {0} bytes instead of {1}"),
    QT_TRANSLATE_NOOP("Told", "it is missing"),
    QT_TRANSLATE_NOOP("Told", "its SHA-256 is another one"),
    QT_TRANSLATE_NOOP("Told", "its checksum is another one"),
    QT_TRANSLATE_NOOP(
        "Told",
        "The server's answer cannot be understood ({0}): check the address, or take the model "
        "from elsewhere with --from.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} asks to be left alone for {1} minutes ({2}): try again then, it goes on where it "
        "stopped.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "There is not enough room in {0}: {1} are missing and {2} are wanted for preparing the "
        "model, {3} are free. Make room, choose a smaller tier with --tier, or point "
        "GRANITE_LIVE_HOME to another disk.",
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "The hub may not be asked, for HF_HUB_OFFLINE is set: unset it, or take the model from "
        "elsewhere with --from.",
    ),
    QT_TRANSLATE_NOOP("Told", "the disk is full; make room"),
    QT_TRANSLATE_NOOP("Told", "your share of the disk is used up; make room"),
    QT_TRANSLATE_NOOP("Told", "the disk can only be read; point GRANITE_LIVE_HOME to another one"),
    QT_TRANSLATE_NOOP(
        "Told", "it may not be written to; mend its rights, or point GRANITE_LIVE_HOME elsewhere"
    ),
    QT_TRANSLATE_NOOP("Told", "a file is in its place; move it away"),
    QT_TRANSLATE_NOOP("Told", "The models' folder {0} cannot be used: {1}."),
    QT_TRANSLATE_NOOP(
        "Told", "A model cannot be called {0}: use letters, digits, '-', '_' and '.'."
    ),
    QT_TRANSLATE_NOOP("Told", "{0} holds files that are far too large for a bundle."),
    QT_TRANSLATE_NOOP(
        "Told", "There is not enough room in {0}: importing {1} takes {2}, {3} are free."
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged: {1} in it is not whole ({2})."),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged: {1} cannot be read."),
    QT_TRANSLATE_NOOP("Told", "Another Granite Live {0}."),
    QT_TRANSLATE_NOOP("Told", "is importing a model; wait for it, or end it first"),
    QT_TRANSLATE_NOOP("Told", "is changing the installed models; try again later"),
    QT_TRANSLATE_NOOP("Told", "is fetching this model already; wait for it, or end it first"),
    QT_TRANSLATE_NOOP("Told", "is busy with it"),
    QT_TRANSLATE_NOOP("Told", "{0} is not safe to import: {1} in it {2}."),
    QT_TRANSLATE_NOOP("Told", "There is nothing at {0}: give the bundle's folder or archive."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} is damaged or no archive that can be read ({1}): pack the bundle as .zip, .tar or "
        ".tar.gz, or give its folder.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} is encrypted: unpack it and import the folder."),
    QT_TRANSLATE_NOOP(
        "Told",
        "{0} has the tier {1} already: remove it first with 'granite-live models remove {2} "
        "--tier {3}'.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} was stopped."),
    QT_TRANSLATE_NOOP("Told", "{0} ended without an answer."),
    QT_TRANSLATE_NOOP(
        "Told", "The model does not fit into the memory that is left: close what you can."
    ),
    QT_TRANSLATE_NOOP("Told", "Preparing ended without an answer, as when memory is full."),
    QT_TRANSLATE_NOOP("Told", "{0} files hold what they held when they came"),
    QT_TRANSLATE_NOOP("Told", "put there by hand: nobody noted what they should be"),
    QT_TRANSLATE_NOOP("Told", "differs by at most {0}"),
    QT_TRANSLATE_NOOP("Told", "the check ended without an answer"),
    QT_TRANSLATE_NOOP(
        "Told",
        "The check of {0} ended without an answer, as it does when a model is damaged or the "
        "memory is full: download the model again.",
    ),
    QT_TRANSLATE_NOOP("Told", "{0} ({1}) failed its check: {2}. It is not used: {3}."),
    QT_TRANSLATE_NOOP("Told", "Preparing needs {0} GB in {1}, {2} GB are free."),
    QT_TRANSLATE_NOOP("Told", "input features"),
    QT_TRANSLATE_NOOP("Told", "attention mask"),
    QT_TRANSLATE_NOOP("Told", "audio embeddings"),
    QT_TRANSLATE_NOOP("Told", "integer tier: reported only"),
    QT_TRANSLATE_NOOP("Told", "{0} s of sound in {1} s"),
    QT_TRANSLATE_NOOP("Told", "it wrote: {0}"),
    QT_TRANSLATE_NOOP("Told", "shape {0}, expected {1}"),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged: download the bundle again."),
    QT_TRANSLATE_NOOP(
        "Told", "There is no model: install one, or choose its folder in the settings."
    ),
    QT_TRANSLATE_NOOP("Told", "The folder of installed models, {0}, cannot be read ({1}): {2}."),
    QT_TRANSLATE_NOOP("Told", "mend its rights, or choose a model by its folder"),
    QT_TRANSLATE_NOOP("Told", "mend its rights"),
    QT_TRANSLATE_NOOP("Told", "There is no model bundle at {0}: give the folder's path."),
    QT_TRANSLATE_NOOP("Told", "{0} is a file, not a model bundle: give the bundle's folder."),
    QT_TRANSLATE_NOOP("Told", "{0} is not a model bundle: none of {1} holds a graph.{2}"),
    QT_TRANSLATE_NOOP("Told", " It looks like one tier: give the folder above it, {0}."),
    QT_TRANSLATE_NOOP("Told", "The bundle has no tier {0}: choose one of {1} with --tier."),
    QT_TRANSLATE_NOOP("Told", "Download the bundle again, or choose another one with --bundle."),
    QT_TRANSLATE_NOOP("Told", "{0} is missing. {1}"),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be read: {1}. {2}"),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged or not an ONNX graph. {1}"),
    QT_TRANSLATE_NOOP("Told", "{0} is empty or cut short: it holds no whole graph. {1}"),
    QT_TRANSLATE_NOOP("Told", "{0} is cut short: it has {1} bytes, {2} needs at least {3}. {4}"),
    QT_TRANSLATE_NOOP("Told", "{0} is missing, {1} keeps its weights there. {2}"),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged, it is not valid JSON. {1}"),
    QT_TRANSLATE_NOOP("Told", "{0} is damaged or not a tokenizer. {1}"),
)


DICTATION_SENTENCES = (
    QT_TRANSLATE_NOOP(
        "Told",
        "macOS does not let Granite Live press keys: allow it in System Settings under Privacy "
        "& Security, Accessibility, and start it again.",
    ),
    QT_TRANSLATE_NOOP("Told", "'{0}' has the focus no more."),
    QT_TRANSLATE_NOOP("Told", "'{0}' asks for a password: nothing was put there."),
    QT_TRANSLATE_NOOP("Told", "The program was closed before the text was typed."),
    QT_TRANSLATE_NOOP(
        "Told", "Another window came forward while typing; {0} of {1} characters were typed."
    ),
    QT_TRANSLATE_NOOP("Told", "Wayland lets no program paste into another one."),
    QT_TRANSLATE_NOOP("Told", "Wayland lets no program paste into another one: choose typing."),
    QT_TRANSLATE_NOOP(
        "Told",
        "Wayland lets a program press keys for another one only by way of wtype, which is not "
        "installed.",
    ),
    QT_TRANSLATE_NOOP("Told", "wtype has not typed the text within {0} seconds: choose copying."),
    QT_TRANSLATE_NOOP("Told", "wtype could not type here ({0}): choose copying."),
    QT_TRANSLATE_NOOP("Told", "The X server has no XTEST, so no keys can be pressed for programs."),
    QT_TRANSLATE_NOOP("Told", "The program is being closed: nothing is typed any more."),
    QT_TRANSLATE_NOOP("Told", "The window went away before it had the text ({0})."),
    QT_TRANSLATE_NOOP("Told", "The X server is gone ({0}): start Granite Live again."),
    QT_TRANSLATE_NOOP("Told", "The keyboard has no unused key to type '{0}' with: choose pasting."),
    QT_TRANSLATE_NOOP("Told", "The keyboard has no BackSpace key: take the text away by hand."),
    QT_TRANSLATE_NOOP("Told", "The keyboard has no {0} to paste with: choose typing."),
    QT_TRANSLATE_NOOP("Told", "The window does not answer; {0} of {1} characters were typed."),
    QT_TRANSLATE_NOOP(
        "Told",
        "A key has been held down for {0} seconds, so nothing can be typed: let go of it, or "
        "press it once more if it hangs.",
    ),
    QT_TRANSLATE_NOOP("Told", "The X server '{0}' cannot be reached ({1}): look at DISPLAY."),
    QT_TRANSLATE_NOOP(
        "Told", "'{0}' is no combination of keys: write it like Ctrl+Alt+Space or F9."
    ),
    QT_TRANSLATE_NOOP(
        "Told", "'{0}' is needed for typing: hold Ctrl, Alt or Meta with it, or take F9."
    ),
    QT_TRANSLATE_NOOP(
        "Told",
        "Wayland gives keys only to the window that has the focus: use the key in Granite "
        "Live's own window, or let your desktop's keyboard settings run a command.",
    ),
    QT_TRANSLATE_NOOP("Told", "There is no key '{0}' here: choose another combination."),
    QT_TRANSLATE_NOOP("Told", "This keyboard has no key '{0}': choose another combination."),
    QT_TRANSLATE_NOOP("Told", "Another program has {0} already: choose another combination."),
    QT_TRANSLATE_NOOP("Told", "The X server is gone ({0})."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be read ({1}): look at its permissions."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be written ({1}): look at its folder's permissions."),
    QT_TRANSLATE_NOOP("Told", "{0} cannot be removed ({1}): remove it by hand."),
)
