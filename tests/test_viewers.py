"""The formats in the programs that people open them with: Chromium, LibreOffice. Slow; skipped where a program is missing."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from test_formats_hostile import poisoned_review
from town_digests import longest, ordinary
from yuqing_cli import i18n
from yuqing_cli.digest.page import Page, page
from yuqing_cli.digest.shapes import Digest
from yuqing_cli.records import replace
from yuqing_cli.render.formats import DIGEST_FORMATS, REVIEW_FORMATS
from yuqing_cli.render.review import outline as reviewed
from yuqing_cli.render.sections import outline

pytestmark = pytest.mark.slow
CHINESE = i18n.choose("zh")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ENVIRONMENT = os.environ | {"LC_ALL": "C.UTF-8"}
OFFICE = shutil.which("soffice")
PDFINFO = shutil.which("pdfinfo")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
needs_office = pytest.mark.skipif(OFFICE is None, reason="there is no LibreOffice here")
needs_pdf = pytest.mark.skipif(PDFINFO is None, reason="there is no pdfinfo (poppler-utils) here")

PROBE = """<script>
addEventListener("load", () => {
  const rgb = text => (text.match(/[0-9.]+/g) || []).map(Number);
  const light = c => { const v = c.slice(0, 3).map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
                       return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
                        if (c.length == 3 || c[3] == 1) return c; } return [255, 255, 255]; };
  const poor = []; let texts = 0, least = 99;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
    if (!text || ["SCRIPT", "title", "desc"].includes(e.tagName)) continue;
    const svg = e.namespaceURI.includes("svg"), style = getComputedStyle(e);
    const [a, b] = [light(rgb(svg ? style.fill : style.color)), light(ground(svg ? e.closest("svg").parentElement : e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    texts++; least = Math.min(least, ratio);
    if (ratio < 4.5) poor.push([text.slice(0, 20), ratio.toFixed(2)]);
  }
  const report = {texts, least, poor, requests: performance.getEntriesByType("resource").map(r => r.name),
    scripts: document.scripts.length - 1, wide: document.documentElement.scrollWidth - innerWidth,
    lang: document.documentElement.lang, dark: matchMedia("(prefers-color-scheme: dark)").matches,
    drawings: [...document.querySelectorAll("svg")].map(s => [s.getAttribute("role"), !!s.querySelector("title").textContent,
                                                                !!s.querySelector("desc").textContent])};
  document.body.innerHTML = ""; document.body.dataset.report = JSON.stringify(report);
});
</script>"""


def chromium(folder: Path, *arguments: str) -> str:
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
               f"--user-data-dir={folder / 'browser'}", *arguments]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=100, env=ENVIRONMENT | {"HOME": str(folder)})
    return done.stdout.decode()


def seen(folder: Path, shown: Page, *arguments: str) -> dict[str, Any]:
    """What Chromium makes of the HTML. The content policy, which would stop the probe too, is taken out."""
    text = drawn("html", shown).decode()
    text, policies = re.subn("<meta http-equiv=.*\n", "", text)
    assert policies == 1
    (folder / "page.html").write_text(text.replace("</body>", f"{PROBE}</body>"), "utf-8")
    dumped = chromium(folder, "--dump-dom", "--virtual-time-budget=2000", *arguments, (folder / "page.html").as_uri())
    found = re.search(r'data-report="([^"]*)"', dumped)
    assert found, dumped[-500:]
    report: dict[str, Any] = json.loads(html.unescape(found[1]))
    return report


def drawn(name: str, shown: Page, language: str = "zh") -> bytes:
    made = DIGEST_FORMATS[name](shown, i18n.choose(language))
    return made if isinstance(made, bytes) else made.encode()


@needs_chromium
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_html_asks_for_nothing_runs_nothing_and_can_be_read(tmp_path: Path, colours: str) -> None:
    report = seen(tmp_path, page(ordinary()), f"--blink-settings=preferredColorScheme={0 if colours == 'dark' else 1}")
    assert report["dark"] == (colours == "dark")
    assert (report["requests"], report["scripts"]) == ([], 0)
    assert report["texts"] > 100
    assert report["poor"] == []
    assert report["lang"] == "zh-CN"
    assert report["drawings"] == [["img", True, True]] * 3


@needs_chromium
@pytest.mark.parametrize("width", [360, 800])
def test_no_page_is_wider_than_its_window_whatever_it_holds(tmp_path: Path, width: int) -> None:
    assert seen(tmp_path, page(longest()), f"--window-size={width},800")["wide"] <= 0


def pdf_pages(path: Path) -> int:
    said = subprocess.run([str(PDFINFO), str(path)], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "(A4)" in said
    return int(re.findall(r"Pages:\s+(\d+)", said)[0])


def fullest(language: str) -> Digest:
    """As much as an exec page holds in letters of the usual size: the longest, without one fact after the other until it does."""
    day = replace(longest(), filters=(), method=ordinary().method)
    lesser: tuple[dict[str, object], ...] = (
        {"notes": ()},
        {"playbook": None},
        {"answer": None},
        {"origin": None},
        {"owner": None},
        {"burst": None, "outlook": ""},
        {"excerpt": "", "highlights": ()},
    )
    for less, number in product(lesser, range(3)):
        if not outline(page(day, audience="exec"), i18n.choose(language)).crowded:
            break
        told = replace(day.events[number], **less)
        day = replace(day, events=(*day.events[:number], told, *day.events[number + 1 :]))
    return day


sheets = pytest.mark.parametrize(("day", "language"), list(product(("usual", "fullest", "longest"), ("zh", "en"))))


def sheet(day: str, language: str) -> Page:
    made: dict[str, Callable[[], Digest]] = {
        "usual": ordinary,
        "fullest": partial(fullest, language),
        "longest": longest,
    }
    return page(made[day](), audience="exec")


@sheets
def test_only_a_page_that_is_fuller_than_full_is_printed_smaller(day: str, language: str) -> None:
    assert outline(sheet(day, language), i18n.choose(language)).crowded == (day == "longest")


@needs_chromium
@needs_pdf
@sheets
def test_the_page_of_the_head_of_the_office_is_one_page_of_a4(tmp_path: Path, day: str, language: str) -> None:
    (tmp_path / "page.html").write_bytes(drawn("html", sheet(day, language), language))
    target = tmp_path / "page.pdf"
    chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", (tmp_path / "page.html").as_uri())
    assert pdf_pages(target) == 1


def office(folder: Path, source: Path, form: str) -> None:
    """Convert with LibreOffice, which opens the file as its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    subprocess.run(command, capture_output=True, timeout=110, check=True, env=ENVIRONMENT | {"HOME": str(folder)})


@needs_office
def test_the_workbook_opens_and_holds_what_the_digest_says(tmp_path: Path) -> None:
    shown = page(ordinary())
    (tmp_path / "day.xlsx").write_bytes(drawn("xlsx", shown))
    office(
        tmp_path, tmp_path / "day.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    )
    sheets = {
        path.stem.removeprefix("day-"): list(csv.reader(path.read_text("utf-8").splitlines()))
        for path in tmp_path.glob("*.csv")
    }
    assert set(sheets) == {"概览", "事件", "明细", "来源健康", "方法"}
    events = sheets["事件"]
    columns = {name: number for number, name in enumerate(events[0])}
    for row, event in zip(events[1:], shown.digest.events, strict=True):
        assert (row[0], row[columns["标题"]]) == (event.id, event.title)
        assert row[columns["首发时间"]].startswith(f"{event.first_seen:%Y-%m-%d %H:%M}")
        assert int(row[columns["报道"]]) == event.posts
        assert {row[columns[name]] for name in ("承办单位", "处置情况", "备注")} == {""}
    assert len(sheets["明细"]) - 1 == sum(len(event.links) for event in shown.digest.events)
    assert len(sheets["来源健康"]) - 1 == len(shown.digest.coverage.sources)
    assert any(shown.digest.method.packs in row for row in sheets["方法"])
    assert sheets["概览"][0][0] == outline(shown, CHINESE).title


@needs_office
@needs_pdf
@sheets
def test_a_word_document_for_the_head_of_the_office_is_one_page_of_a4(tmp_path: Path, day: str, language: str) -> None:
    (tmp_path / "exec.docx").write_bytes(drawn("docx", sheet(day, language), language))
    office(tmp_path, tmp_path / "exec.docx", "pdf")
    assert pdf_pages(tmp_path / "exec.pdf") == 1


@needs_office
def test_the_word_document_opens_with_all_its_sections(tmp_path: Path) -> None:
    (tmp_path / "day.docx").write_bytes(drawn("docx", page(ordinary())))
    office(tmp_path, tmp_path / "day.docx", "txt:Text (encoded):UTF8")
    told = (tmp_path / "day.txt").read_text("utf-8-sig")
    places = [told.index(f"\n{section.title}\n") for section in outline(page(ordinary()), CHINESE).sections]
    assert places == sorted(places)
    assert all(event.title in told for event in ordinary().events if event not in page(ordinary()).unchanged)


@needs_office
@needs_pdf
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_review_opens_in_word_and_as_a_workbook(tmp_path: Path, language: str) -> None:
    made, words = poisoned_review("城东片区自来水发黄"), i18n.choose(language)
    for form in ("docx", "xlsx"):
        body = REVIEW_FORMATS[form](made, words)
        assert isinstance(body, bytes)
        (tmp_path / f"week.{form}").write_bytes(body)
    office(tmp_path, tmp_path / "week.docx", "txt:Text (encoded):UTF8")
    told = (tmp_path / "week.txt").read_text("utf-8-sig")
    places = [told.index(f"\n{section.title}\n") for section in reviewed(made, words).sections]
    assert places == sorted(places)
    for form in ("docx", "xlsx"):
        office(tmp_path, tmp_path / f"week.{form}", "pdf")
        assert pdf_pages(tmp_path / "week.pdf") <= 5
