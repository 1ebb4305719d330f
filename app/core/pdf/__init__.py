"""PDF files are set by a program of its own (`engine`), which a parent starts, feeds and ends (`press`)."""
