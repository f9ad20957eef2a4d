import io
import re
import zipfile
from xml.etree import ElementTree as ET

from crawler.demo.attachment import docx, pdf

LINES = ["云川区财政局2023年政府信息公开工作年度报告", "一、总体情况 & <其他>"] * 40


def test_every_offset_of_the_pdf_leads_to_its_object():
    file = pdf(LINES)
    start = int(re.search(rb"startxref\n(\d+)", file)[1])
    offsets = [int(line[:10]) for line in re.findall(rb"^\d{10} 00000 n ", file[start:], re.MULTILINE)]
    assert file[start:].startswith(b"xref\n0 10\n")
    assert [file[offset:].split(b" ", 1)[0] for offset in offsets] == [str(n).encode() for n in range(1, 10)]


def test_the_pdf_holds_its_text_and_the_length_of_each_stream():
    file = pdf(LINES)
    assert LINES[0].encode("utf-16-be").hex().encode() in file
    for length, text in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", file, re.DOTALL):
        assert len(text) == int(length)


def test_the_docx_is_a_package_whose_document_holds_the_lines():
    with zipfile.ZipFile(io.BytesIO(docx(LINES))) as package:
        assert package.testzip() is None
        assert {"[Content_Types].xml", "_rels/.rels"} < set(package.namelist())
        document = ET.fromstring(package.read("word/document.xml"))
    assert [node.text for node in document.iter() if node.tag.endswith("}t")] == LINES


def test_files_are_the_same_bytes_each_time():
    assert (pdf(LINES), docx(LINES)) == (pdf(LINES), docx(LINES))
