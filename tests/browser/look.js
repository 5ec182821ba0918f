// Opens reports in a browser as readers do: on a phone, a laptop and paper, by day and by night. Prints a line for each thing that is
// wrong and ends with 1 if there was any.
//
//   node look.js --browser PATH --profile EMPTY-FOLDER [--pictures FOLDER] [--only phone|laptop|print] REPORT.html...

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const { values: options, positionals: reports } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: "string" }, profile: { type: "string" }, pictures: { type: "string" }, only: { type: "string" } },
});

// A4 at 96 dots per inch, less the margins that the style asks for.
const SIZES = [
  { name: "phone", width: 390, height: 844, media: "screen" },
  { name: "laptop", width: 1366, height: 768, media: "screen" },
  { name: "print", width: 695, height: 1017, media: "print" },
].filter((size) => !options.only || size.name === options.only);
const SCHEMES = ["light", "dark"];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let wrong = 0;
const complain = (where, what) => {
  wrong += 1;
  console.log(`${where}: ${what}`);
};

/// What reaches beyond the right edge of the page, the widest first.
const overflowing = () => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const scrolls = (e) => e && (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > edge + 0.5 && !scrolls(e.parentElement))
    .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} "${e.textContent.slice(0, 40)}"`)
    .slice(0, 5);
};

const judge = async (page, where) => {
  const beyond = await page.evaluate(overflowing);
  if (beyond.length > 0) complain(where, `runs over its right edge: ${beyond.join(", ")}`);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, help, nodes } of found.violations) {
    complain(where, `axe ${id}: ${help}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  }
};

const look = async (browser, report, size, scheme) => {
  const name = path.basename(report, ".html");
  const where = `${name}, ${size.name}, ${scheme}`;
  const page = await browser.newPage();
  const address = pathToFileURL(path.resolve(report)).href;
  page.on("console", (message) => complain(where, `console: ${message.text()}`));
  page.on("pageerror", (error) => complain(where, `error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== address && request.url() !== "data:,") complain(where, `asked for ${request.url()}`);
  });
  await page.setViewport({ width: size.width, height: size.height, deviceScaleFactor: size.name === "phone" ? 2 : 1 });
  // Both at once: puppeteer's own two calls undo each other.
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", { media: size.media, features: [{ name: "prefers-color-scheme", value: scheme }] });
  await page.goto(address, { waitUntil: "load" });
  const paper = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--paper").trim());
  const isDark = paper !== "#ffffff";
  if (isDark !== (scheme === "dark" && size.media === "screen")) complain(where, `the style is that of another scheme: ${paper}`);
  // Above the fold of every screen.
  const headline = await page.$eval("h1", (e) => e.getBoundingClientRect().bottom);
  if (size.media === "screen" && headline > size.height) complain(where, "the verdict ends below the first screen");
  if (options.pictures) await page.screenshot({ path: path.join(options.pictures, `${name}-${size.name}-${scheme}.png`), fullPage: true });
  await page.evaluate(axe);
  await judge(page, where);
  await page.evaluate(() => document.querySelectorAll("details").forEach((e) => (e.open = true)));
  await judge(page, `${where}, unfolded`);
  if (options.pictures) {
    await page.screenshot({ path: path.join(options.pictures, `${name}-${size.name}-${scheme}-unfolded.png`), fullPage: true });
  }
  if (options.pictures && size.media === "print") await page.pdf({ path: path.join(options.pictures, `${name}.pdf`), preferCSSPageSize: true });
  await page.close();
};

const browser = await puppeteer.launch({
  executablePath: options.browser,
  userDataDir: options.profile,
  args: FLAGS,
  ignoreDefaultArgs: ["--enable-automation"],
});
try {
  for (const report of reports) {
    for (const size of SIZES) {
      for (const scheme of SCHEMES) await look(browser, report, size, scheme);
    }
  }
} finally {
  await browser.close();
}
console.log(`${reports.length} reports, ${SIZES.length} sizes, ${SCHEMES.length} schemes: ${wrong} things are wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
