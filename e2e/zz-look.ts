import { chromium } from "/work/h-diary/node_modules/@playwright/test/index.mjs";
import { chromiumArgs, chromiumPath } from "/work/h-diary/e2e/support/chromium.ts";
import { goTo, signInAt, startDemo } from "/work/h-diary/e2e/support/demo.ts";
import { bookTonight, chooseLine } from "/work/h-diary/e2e/support/diary.ts";
const browser = await chromium.launch({ args: [...chromiumArgs], executablePath: chromiumPath() });
const demo = await startDemo();
const options = { viewport: { width: 1280, height: 800 } };
const shoot = async (page, name, theme = "light") => { await page.emulateMedia({ colorScheme: theme }); await page.waitForTimeout(400); await page.screenshot({ path: `/tmp/shots/l-${name}-${theme}.png` }); };
try {
  const till = await signInAt(browser, demo, "Leeds till", options);
  await shoot(till, "today");
  await goTo(till, "/diary/day");
  await till.locator(".visit").first().waitFor();
  for (const [n, keys] of [[0, ">"], [1, ">>"], [2, ">>>"], [3, ">>>>"], [4, ">>>>>"]] as const) {
    await till.locator(".roomcol").last().locator(".visit").nth(n).click();
    for (const key of keys) { await till.keyboard.press(key); await till.waitForTimeout(250); }
  }
  await till.locator(".roomcol").last().locator(".visit").nth(1).click();
  await shoot(till, "day"); await shoot(till, "day", "dark");
  await till.keyboard.press("m"); await till.keyboard.press("ArrowDown"); await till.keyboard.press("ArrowLeft");
  await shoot(till, "moving");
  await till.keyboard.press("Escape");
  await till.keyboard.press("Delete"); await shoot(till, "cancel"); await till.keyboard.press("Escape");
  await goTo(till, "/diary/list"); await till.locator("[data-visit]").first().click();
  await shoot(till, "list", "dark"); await shoot(till, "list");
  await goTo(till, "/diary/week"); await till.locator(".weekvisit").first().waitFor(); await shoot(till, "week", "dark");
  await goTo(till, "/diary/day"); await till.keyboard.press("f"); await till.locator(".freelist li").first().waitFor(); await shoot(till, "free");
  await till.keyboard.press("Escape");
  await till.locator("button.slot").first().click(); await till.getByRole("dialog").getByLabel(/^Patient/).fill("ellison"); await till.locator(".foundhere .pickrow").first().waitFor(); await shoot(till, "booking", "dark");
  await till.keyboard.press("Escape");
  await till.keyboard.press("g"); await till.locator(".monthday").first().waitFor(); await shoot(till, "month");
  const room = await signInAt(browser, demo, "Leeds exam room", options);
  await room.getByRole("heading", { name: "Next patients" }).waitFor();
  await shoot(room, "exam-today");
  const office = await signInAt(browser, demo, "HQ", options);
  await goTo(office, "/diary/settings"); await office.locator(".preview").first().waitFor(); await shoot(office, "settings");
  await goTo(office, "/diary/day"); await office.locator(".roomcol").first().waitFor();
  await office.getByLabel("Branch").selectOption({ label: "York Coney Street" }); await office.waitForTimeout(500); await shoot(office, "york");
  await office.getByLabel("Branch").selectOption({ label: "Harrogate Cambridge Street" }); await office.waitForTimeout(500); await shoot(office, "harrogate");
} finally { await demo.stop(); await browser.close(); }
process.exit(0);
