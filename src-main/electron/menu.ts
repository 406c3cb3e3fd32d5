import type { MenuItemConstructorOptions } from "electron";

export interface MenuChoices {
  readonly platform: NodeJS.Platform;
  readonly development: boolean;
  /** The version that waits to be installed. */
  readonly update: string | null;
  readonly onUpdate: () => void;
  readonly onNewWindow: () => void;
}

/** The application's menu. Without reload and developer tools, save for developers: a page is not a document. */
export function menuTemplate(choices: MenuChoices): MenuItemConstructorOptions[] {
  const { platform, development, update, onUpdate, onNewWindow } = choices;
  const updateItem: MenuItemConstructorOptions[] =
    update === null ? [] : [{ label: `Restart to update to ${update}`, click: onUpdate }, { type: "separator" }];
  const newWindow: MenuItemConstructorOptions = {
    label: "New window",
    accelerator: "CmdOrCtrl+Shift+N",
    click: onNewWindow,
  };
  const app: MenuItemConstructorOptions[] =
    platform === "darwin"
      ? [
          {
            role: "appMenu",
            submenu: [
              { role: "about" },
              { type: "separator" },
              ...updateItem,
              { role: "hide" },
              { role: "hideOthers" },
              { role: "quit" },
            ],
          },
        ]
      : [];
  const file: MenuItemConstructorOptions =
    platform === "darwin"
      ? { label: "File", submenu: [newWindow, { role: "close" }] }
      : { label: "File", submenu: [newWindow, { type: "separator" }, ...updateItem, { role: "quit" }] };
  const developer: MenuItemConstructorOptions[] = development
    ? [{ type: "separator" }, { role: "reload" }, { role: "toggleDevTools" }]
    : [];
  return [
    ...app,
    file,
    { role: "editMenu" },
    {
      label: "View",
      submenu: [
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
        ...developer,
      ],
    },
    { role: "windowMenu" },
  ];
}
