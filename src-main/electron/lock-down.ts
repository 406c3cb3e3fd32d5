import type { App, Session, Shell } from "electron";
import { APP_SCHEME } from "./app-protocol.ts";
import { mayLoad, mayOpenExternally } from "./navigation.ts";

/** The page asks for nothing of the computer, so every permission is refused, asked for or checked. */
export function lockDownSession(session: Session, development: boolean): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, callback) =>
    callback({ cancel: !mayLoad(url, APP_SCHEME, development) }),
  );
  // What the page saves it has made itself; a download from anywhere else would be somebody else's file.
  session.on("will-download", (event, item) => {
    if (!item.getURL().startsWith("blob:")) event.preventDefault();
  });
}

/** A frame inside the page that shows what the page itself made an address for: a PDF. */
function isDocumentOfOurs({ isMainFrame, url }: { isMainFrame?: boolean; url?: string }): boolean {
  return isMainFrame === false && url?.startsWith(`blob:${APP_SCHEME}://`) === true;
}

/** No page goes anywhere, opens anything or embeds anything, whichever window it is in. */
export function lockDownContents(app: App, shell: Shell, ownHosts: readonly string[]): void {
  app.on("web-contents-created", (_created, contents) => {
    contents.on("will-navigate", (event) => event.preventDefault());
    contents.on("will-frame-navigate", (event) => {
      if (!isDocumentOfOurs(event)) event.preventDefault();
    });
    contents.on("will-redirect", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenExternally(url, ownHosts)) void shell.openExternal(url);
      return { action: "deny" };
    });
  });
}
