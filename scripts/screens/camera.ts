import type { Browser, BrowserContextOptions, Page } from "@playwright/test";

/** Takes pictures of pages in one size, light and dark. */
export interface Camera {
  readonly browser: Browser;
  readonly options: BrowserContextOptions;
  /** Both themes of what the page shows, as `<name>-light.png` and `<name>-dark.png`. */
  shoot(page: Page, name: string): Promise<void>;
}
