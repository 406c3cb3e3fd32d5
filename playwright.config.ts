import { defineConfig } from "@playwright/test";
import { chromiumArgs, chromiumPath } from "./e2e/support/chromium.ts";

const executablePath = chromiumPath();

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  globalSetup: "./e2e/support/template.ts",
  outputDir: "test-results/e2e",
  // Each file is a clinic of its own, which waits more than it works: two at once take little longer than one.
  workers: 2,
  // Two clinics on two cores can miss a moment. What passes the second time is told as flaky, and is to be looked at.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  timeout: 120_000,
  // Five processes and a browser share two cores in CI; a wait that ends early says nothing about the product.
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    // Recording costs a fifth of the time; in CI what failed is recorded the second time.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    launchOptions: { args: [...chromiumArgs], ...(executablePath ? { executablePath } : {}) },
  },
});
