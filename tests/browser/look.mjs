// look.mjs URL PICTURES: opens the page at URL in Chromium and tells on standard output, as lines
// of JSON, what is to be seen. Goes on when a line arrives on standard input. Pictures go to the
// folder PICTURES.
import {createInterface} from "node:readline";
import {chromium} from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WIDE = {width: 1400, height: 1000};
const NARROW = {width: 360, height: 740};
const PATIENCE = 60_000;

const [url, pictures] = process.argv.slice(2);
const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
const tell = (said) => process.stdout.write(JSON.stringify(said) + "\n");
const browser = await chromium.launch({
  executablePath: process.env.NETSTACK_CHROMIUM, args: FLAGS, timeout: PATIENCE,
});
const context = await browser.newContext({viewport: WIDE});
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE);
const seen = {console: [], requests: [], metrics: 0};
page.on("console", (message) => {
  if (message.type() !== "info") seen.console.push(message.text());
});
page.on("pageerror", (error) => seen.console.push(String(error)));
page.on("request", (request) => {
  const {host, pathname} = new URL(request.url());
  if (pathname === "/metrics") seen.metrics += 1;
  else if (request.url().startsWith("http")) seen.requests.push(host + pathname);
});

const verdict = () => page.locator("#verdict").textContent();
const row = (id) => page.locator(`#${id}`);

async function picture(name, size, scheme) {
  await page.setViewportSize(size);
  await page.emulateMedia({colorScheme: scheme});
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await page.screenshot({path: `${pictures}/${name}.png`, fullPage: true});
  return overflow;
}

async function ladder(path) {
  return page.locator(`#${path} tbody tr:not(.detail) button`).allTextContents();
}

try {
  await page.goto(url);
  await page.getByText("No loss now").waitFor();
  await page.getByLabel("every").selectOption("2");
  tell({verdict: await verdict(), receive: await ladder("receive"), transmit: await ladder("transmit")});

  await lines.next();  // The test provokes a loss.
  await page.locator("#receive-datagram.loss").waitFor();
  // The next reading would show that it is over; the one under way goes on to its end.
  await page.getByRole("button", {name: "Pause"}).click();
  const text = await verdict();
  await page.locator("#findings li").first().waitFor();
  await page.locator("#sockets tbody tr").first().waitFor();
  const button = row("receive-datagram").getByRole("button");
  await button.focus();
  await page.keyboard.press("Enter");
  tell({
    verdict: text,
    lost: await row("receive-datagram").locator(".lost").textContent(),
    losing: await page.locator("tr.loss").evaluateAll((rows) => rows.map((one) => one.id)),
    expanded: await button.getAttribute("aria-expanded"),
    finding: await page.locator("#findings li").first().innerText(),
    sockets: await page.locator("#sockets tbody").innerText(),
    detail: await row("receive-datagram-detail").innerText(),
  });

  tell({overflow: {
    "wide-light": await picture("wide-light", WIDE, "light"),
    "wide-dark": await picture("wide-dark", WIDE, "dark"),
    "narrow-light": await picture("narrow-light", NARROW, "light"),
    "narrow-dark": await picture("narrow-dark", NARROW, "dark"),
  }});

  // A paused page asks nothing; its clock is turned forward to see.
  await page.clock.install();
  const before = seen.metrics;
  await page.clock.runFor(600_000);
  tell({...seen, while_paused: seen.metrics - before});
} catch (error) {
  tell({error: String(error), ...seen, verdict: await verdict().catch(() => null)});
} finally {
  await browser.close();
  process.exit(0);
}
