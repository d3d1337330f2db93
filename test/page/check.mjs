// Looks at pages in Chromium: node check.mjs OUT PAGE.html|URL... Screenshots go to OUT; exits with 1 where axe finds
// fault, where something is wider than the screen, where it is painted late, or where the policy or the script complains.
import { createRequire } from 'node:module';
import { readFileSync, mkdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [out, ...pages] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
});
let faults = 0;
const fault = (...words) => { faults++; console.log('FAULT', ...words); };

for (const file of pages) {
  const served = file.startsWith('http:'), url = served ? file : 'file://' + resolve(file);
  const of = served ? 'served' : basename(file, '.html');
  for (const [width, height, scheme, lang] of [
    [1440, 1000, 'light', 'en'], [1440, 1000, 'dark', 'zh'], [360, 740, 'light', 'zh'], [360, 740, 'dark', 'en'],
  ]) {
    const name = `${of}-${width}-${scheme}-${lang}`;
    const page = await browser.newPage();
    page.on('pageerror', (e) => fault(name, e.message));
    page.on('console', (m) => { if (m.type() === 'error') fault(name, m.text()); });
    page.on('request', (r) => { if (!r.url().startsWith(served ? new URL(url).origin : 'file:')) fault(name, 'asks for', r.url()); });
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url);
    await page.click(`label[for=${lang}]`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) fault(name, wide, 'px wider than the screen');
    const painted = () => page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime));
    let paint = await painted();
    if (paint > 1000) { // the machine may have been busy
      await page.reload();
      await page.click(`label[for=${lang}]`);
      paint = Math.min(paint, await painted());
    }
    if (paint > 1000) fault(name, 'is painted after', paint, 'ms');
    await page.screenshot({ path: `${out}/${name}.png` });
    if (await page.evaluate(() => document.querySelectorAll('.card').length) < 50) { // axe needs minutes for more
      await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      for (const v of found.violations) {
        fault(name, v.id, v.help, v.nodes.length, v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary);
      }
    }

    console.log(name, 'first paint', paint, 'ms');
    await page.close();
  }
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(url);
  const few = await page.evaluate(() => document.querySelectorAll('.card').length < 50); // a book needs minutes
  if (few) await page.pdf({ path: `${out}/${of}.pdf`, format: 'A4', margin: { top: '14mm', bottom: '14mm', left: '14mm', right: '14mm' } });
  await page.close();
}
await browser.close();
process.exit(faults ? 1 : 0);
