"""Write a Word document.

Office Open XML is a ZIP archive of XML files, and a transcript needs five small ones. python-docx
would add a compiled XML parser of 5 MB to every installation for that; only the tests use it, to
read the result.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from xml.sax.saxutils import escape

from granite_live.messages.documents import DocumentMessage
from granite_live.transcript.export.options import DEFAULT_OPTIONS, ExportOptions
from granite_live.transcript.export.text_formats import attribution, format_clock, paragraphs_of
from granite_live.transcript.model import RecordingTranscript

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main"'
_PARTS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATED = f"{_OFFICE}/officeDocument/2006/relationships"

_CONTENT_TYPES = f"""{_HEAD}<Types xmlns="{_OFFICE}/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType="{_PARTS}.document.main+xml"/>\
<Override PartName="/word/styles.xml" ContentType="{_PARTS}.styles+xml"/>\
</Types>"""

_PACKAGE = f"""{_HEAD}<Relationships xmlns="{_OFFICE}/package/2006/relationships">\
<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="word/document.xml"/>\
</Relationships>"""

_DOCUMENT = f"""{_HEAD}<Relationships xmlns="{_OFFICE}/package/2006/relationships">\
<Relationship Id="rId1" Type="{_RELATED}/styles" Target="styles.xml"/>\
</Relationships>"""

# Sizes are in half points, distances in twentieths of a point.
_STYLES = f"""{_HEAD}<w:styles {_WORD}>\
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:rPrDefault>\
<w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="300" w:lineRule="auto"/></w:pPr>\
</w:pPrDefault></w:docDefaults>\
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>\
</w:style>\
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>\
<w:qFormat/><w:rPr><w:b/><w:sz w:val="36"/><w:szCs w:val="36"/></w:rPr></w:style>\
<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/>\
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:after="360"/></w:pPr>\
<w:rPr><w:color w:val="595959"/></w:rPr></w:style>\
<w:style w:type="character" w:customStyle="1" w:styleId="Time"><w:name w:val="Time"/>\
<w:rPr><w:color w:val="595959"/></w:rPr></w:style>\
</w:styles>"""

# A4, with an inch on every side.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" '
    'w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
)

# Characters that XML does not allow.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_docx(transcript: RecordingTranscript, options: ExportOptions = DEFAULT_OPTIONS) -> bytes:
    """Return the transcript as a .docx file. Equal transcripts give equal bytes."""
    body = "".join(_paragraphs(transcript, options))
    document = f"{_HEAD}<w:document {_WORD}><w:body>{body}{_PAGE}</w:body></w:document>"
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _PACKAGE,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _DOCUMENT,
        "word/styles.xml": _STYLES,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            # A fixed timestamp makes the bytes reproducible.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))
    return file.getvalue()


def _paragraphs(transcript: RecordingTranscript, options: ExportOptions) -> Iterator[str]:
    yield _paragraph(transcript.title or PurePath(transcript.audio_path).name, style="Title")
    yield _paragraph(options.translate(attribution(transcript)), style="Subtitle")
    said = list(paragraphs_of(transcript))
    for one in said:
        time = format_clock(one.start_s) if options.times else ""
        yield _paragraph(one.text, time=time, speaker=one.speaker)
    if not said:
        yield _paragraph(options.translate(DocumentMessage.NOTHING_SAID()))


def _paragraph(text: str, *, style: str = "", time: str = "", speaker: str = "") -> str:
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    run_marks = ""
    if _is_right_to_left(text):
        marks += "<w:bidi/>"
        run_marks = "<w:rPr><w:rtl/></w:rPr>"
    runs = ""
    if time:
        runs = f'<w:r><w:rPr><w:rStyle w:val="Time"/></w:rPr>{_text(time + "  ")}</w:r>'
    if speaker:
        runs += f"<w:r><w:rPr><w:b/></w:rPr>{_text(speaker + ': ')}</w:r>"
    runs += f"<w:r>{run_marks}{_text(text)}</w:r>"
    return f"<w:p><w:pPr>{marks}</w:pPr>{runs}</w:p>"


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(_ILLEGAL.sub("", text))}</w:t>'


def _is_right_to_left(text: str) -> bool:
    """Say whether the first letter with a direction is right-to-left."""
    directions = map(unicodedata.bidirectional, text)
    return next((one for one in directions if one in ("L", "R", "AL")), "L") != "L"
