// What pdf.js and MuPDF read in PDF files: node readers.mjs FILE... prints JSON, a list with an entry for each file.
// Whatever either of them warns of, or has to repair, is among the warnings.
import { readFileSync } from "node:fs";
import * as mupdf from "mupdf";

const warnings = [];
console.warn = console.log = (...said) => warnings.push(said.join(" "));
const pdfjs = await import("pdfjs-dist/legacy/build/pdf.mjs");

const ofTags = (tag) => (tag.role ? [tag.role, ...(tag.children ?? []).flatMap(ofTags)] : []);

async function byPdfjs(bytes) {
  const loading = pdfjs.getDocument({ data: new Uint8Array(bytes), isEvalSupported: false, useSystemFonts: false, verbosity: 1, stopAtErrors: true });
  const file = await loading.promise;
  const texts = [], tags = [];
  for (let number = 1; number <= file.numPages; number++) {
    const page = await file.getPage(number);
    const { items } = await page.getTextContent();
    await page.getOperatorList();
    texts.push(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join(""));
    tags.push(...ofTags((await page.getStructTree()) ?? {}).filter((role) => role !== "Root"));
  }
  const { info } = await file.getMetadata();
  const found = { pages: file.numPages, texts, tags, title: info.Title, language: info.Language, scripts: Boolean(await file.getJSActions()), attachments: Object.keys((await file.getAttachments()) ?? {}) };
  await loading.destroy();
  return found;
}

function byMupdf(bytes) {
  const file = mupdf.Document.openDocument(bytes, "application/pdf").asPDF();
  const texts = [], sizes = [];
  for (let number = 0; number < file.countPages(); number++) {
    const page = file.loadPage(number);
    sizes.push(page.getBounds());
    texts.push(page.toStructuredText("preserve-whitespace").asText());
    page.toPixmap(mupdf.Matrix.identity, mupdf.ColorSpace.DeviceRGB, false).destroy();
  }
  return { pages: file.countPages(), texts, sizes, title: file.getMetaData("info:Title"), wasRepaired: file.wasRepaired() };
}

const found = [];
for (const name of process.argv.slice(2)) {
  const bytes = readFileSync(name);
  found.push({ pdfjs: await byPdfjs(bytes), mupdf: byMupdf(bytes) });
}
process.stdout.write(JSON.stringify({ found, warnings }));
