"""What endings of names say, where that matters: what is refused for its name alone, and what gives way."""

_CARRIED_OUT = """
ade adp apk app appx bat bin chm class cmd com cpl crt dll dmg elf exe gadget hta hta inf ins iso img jar js jse jsp lnk
mht mhtml msc msi msp mst php pif pl ps1 psm1 py rb reg scf scr settingcontent-ms sh swf sys url vb vbe vbs vhd ws wsc wsf
wsh xll
"""
_WEB_PAGES = "htm html shtml svg svgz xht xhtml xsl"
_WITH_MACROS = "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam sldm"
_MISLEADING = "doc dot dotx xls xlt xltx ppt pot potx rtf odp odg gif bmp tif tiff avif zip xml json tsv mp4 mov"

CARRIED_OUT = frozenset(_CARRIED_OUT.split())
"""A double click carries out what is in such a file, whatever it is."""
WEB_PAGES = frozenset(_WEB_PAGES.split())
WITH_MACROS = frozenset(_WITH_MACROS.split())
MISLEADING = frozenset(_MISLEADING.split())
"""These give way where the content is something else, as do all that are kept; others become part of the name."""
