/** Where the keyboard goes: refs of elements that take it when they appear, and the field that is to be put right. */

/** Somebody asked for this field: they type into it. */
export function takesFocus(element: HTMLElement | null): void {
  element?.focus();
}

/** There is nothing to type or press in it: it takes the focus itself, so that the keyboard scrolls it. */
export function scrollsByKeys(element: HTMLElement | null): void {
  if (element) element.tabIndex = 0;
}

/**
 * Whether no field of the dialog in front (of the screen, where none is open) lacks what it needs or holds a text that
 * it cannot read; if one does, it is focused and says so, and what was asked for is not to be done.
 */
export function everythingRead(): boolean {
  const inFront = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const wrong = [...inFront.querySelectorAll<HTMLInputElement>("input:invalid")].find(
    ({ offsetParent, validity }) => offsetParent !== null && (validity.customError || validity.valueMissing),
  );
  wrong?.checkValidity();
  wrong?.focus();
  return wrong === undefined;
}
