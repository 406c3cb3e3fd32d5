/** What is done to an element when it appears; given as its `ref`. */

/** Somebody asked for this field: they type into it. */
export function takesFocus(element: HTMLElement | null): void {
  element?.focus();
}

/** There is nothing to type or press in it: it takes the focus itself, so that the keyboard scrolls it. */
export function scrollsByKeys(element: HTMLElement | null): void {
  if (element) element.tabIndex = 0;
}
