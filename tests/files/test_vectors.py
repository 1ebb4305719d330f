"""A drawing for a letterhead is made safe, or refused with what is in its way."""

import pytest

from app.core.files.unfit import Unfit
from app.core.files.vectors import is_drawing, made_safe

SPACES = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 100 50'"
NESTED = "<g id='g0'><rect/></g>" + "".join(
    f"<g id='g{n + 1}'>" + f"<use href='#g{n}'/>" * 10 + "</g>" for n in range(8)
)
MASKED = "".join(f"<mask id='m{n}'>" + f"<rect mask='url(#m{n + 1})'/>" * 9 + "</mask>" for n in range(9))
MASKED += "<mask id='m9'/>"


def drawing(inside: str, before: str = "") -> bytes:
    return f"{before}<svg {SPACES}>{inside}</svg>".encode()


HOSTILE = [
    ("<script>alert(1)</script>", "script"),
    ("<metadata><x:script xmlns:x='urn:x'>alert(1)</x:script></metadata>", "script"),
    ("<foreignObject><b/></foreignObject>", "web page"),
    ("<g xmlns:h='http://www.w3.org/1999/xhtml'><h:iframe src='//evil'/></g>", "web page"),
    ("<rect onclick='alert(1)'/>", "event attributes"),
    ("<g><g OnLoad='alert(1)'/></g>", "event attributes"),
    ("<use xlink:href='http://evil.example/a.svg#b'/>", "outside itself"),
    ("<use href='//evil.example/a.svg#b'/>", "outside itself"),
    ("<linearGradient id='a' href='file:///etc/passwd'/>", "outside itself"),
    ("<rect fill='url(http://evil.example/)'/>", "outside itself"),
    ("<rect fill='javascript:alert(1)'/>", "outside itself"),
    ("<rect style='background:url(//evil.example)'/>", "outside itself"),
    ("<style>rect{fill:u\\72l(http://evil.example)}</style>", "outside itself"),
    ("<style>rect{fill:url(data:image/svg+xml,x)}</style>", "outside itself"),
    ("<style>@import 'http://evil.example';</style>", "loads its styles"),
    ("<style>@font-face{font-family:x;src:local(x)}</style>", "loads its styles"),
    ("<?xml-stylesheet href='http://evil.example'?>", "loads its styles"),
    ("<image href='data:image/png;base64,AAAA'/>", "a picture"),
    ("<image xlink:href='http://evil.example/x.png'/>", "a picture"),
    ("<a href='#x'><rect/></a>", "link"),
    ("<text>Kura</text>", "outlines"),
    ("<rect><animate attributeName='href' to='//evil'/></rect>", "moves"),
    ("<rect><set attributeName='onclick' to='x'/></rect>", "moves"),
    ("<filter id='a'/>", "effects"),
    ("<iframe/>", "iframe"),
    ("<svg><rect/></svg>", "another drawing"),
    (NESTED, "intricate"),
    (MASKED, "intricate"),
    ("<g id='a'><use href='#a'/></g>", "intricate"),
    ("<clipPath id='a' clip-path='url(#a)'/>", "intricate"),
    ("<g>" * 50 + "</g>" * 50, "intricate"),
    ("<rect/>" * 2_001, "intricate"),
    ("<path d='M0 0 L 1'/>", "broken"),
    ("<use href='#nothing'/>", "broken"),
    ("<rect>", "broken"),
    (f"<path d='M {'1 ' * 110_000}'/>", "200 KB"),
]


@pytest.mark.parametrize(("inside", "why"), HOSTILE, ids=[inside[:40] for inside, _ in HOSTILE])
def test_what_could_do_harm_is_refused_and_named(inside: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        made_safe(drawing(inside))


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>", "&a;"),
        ("<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "&a;"),
        ("<!DOCTYPE svg [<!ENTITY % a SYSTEM 'http://evil.example'> %a;]>", ""),
        ("<!DOCTYPE svg [<!ATTLIST rect onclick CDATA 'alert(1)'>]>", "<rect/>"),
    ],
)
def test_a_drawing_that_declares_something_is_refused(before: str, inside: str) -> None:
    with pytest.raises(Unfit, match="declares entities"):
        made_safe(drawing(inside, before))


@pytest.mark.parametrize(
    "root",
    [
        "<svg/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 5'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1e300 5'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 1'/>",
    ],
)
def test_a_drawing_without_a_sensible_size_is_refused(root: str) -> None:
    with pytest.raises(Unfit):
        made_safe(root.encode())


def test_what_editors_add_goes_and_styles_stand_where_they_hold() -> None:
    inside = (
        "<title>Logo of Aroha</title><metadata><r:RDF xmlns:r='urn:r' r:about='http://a'/></metadata><!-- by Aroha -->"
        "<style>.a{fill:#123c3a;stroke:none;behavior:x} #b > rect{fill:red} rect{opacity:.5}</style>"
        "<g id='b' class='x' i:label='Aroha' xmlns:i='urn:i'><rect class='a' style='fill-opacity:50%' width='10mm'/></g>"
        "<path class='a' d='M0 0h10v10a5 5 0 01.5.5z'/><use xlink:href='#b' transform='translate(3 4)' x='oops'/>"
    )
    doctype = "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>"
    made = made_safe(drawing(inside, f"<?xml version='1.0'?>{doctype}")).decode()
    assert made == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="1000" height="500"><g id="b">'
        '<rect width="10mm" opacity=".5" fill="red" stroke="none" fill-opacity="50%" /></g>'
        '<path fill="#123c3a" stroke="none" d="M 0 0 h 10 v 10 a 5 5 0 0 1 .5 .5 z" />'
        '<use href="#b" transform="translate(3 4)" /></svg>'
    )
    assert made_safe(made.encode()).decode() == made, "made safe again it is the same"


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("<rect opacity='5px' width='1 2'/>", "<rect />"),
        ("<rect stroke-miterlimit='1 2' stroke-width='2px'/>", '<rect stroke-width="2px" />'),
        ("<symbol viewBox='0 0 5'/>", "<symbol />"),
        ("<linearGradient gradientTransform='scale(0)'/>", "<linearGradient />"),
        ("<linearGradient gradientTransform='matrix(1 1 1 1 0 0)'/>", "<linearGradient />"),
        ("<polygon points='1 2 x'/>", "<polygon />"),
    ],
)
def test_what_no_program_can_draw_is_left_out(inside: str, kept: str) -> None:
    """WeasyPrint draws nothing at all of a drawing with one of these, and no letter would be made."""
    assert kept in made_safe(drawing(inside)).decode()


def test_a_drawing_is_known_by_what_it_is() -> None:
    assert is_drawing(b"\xef\xbb\xbf<?xml version='1.0'?><svg/>")
    assert not is_drawing(b"<!DOCTYPE html><svg>")
    assert not is_drawing(b"\x89PNG <svg")
