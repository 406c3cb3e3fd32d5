/** Every visible text goes through here. British English is the first language and the fallback. */
import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

export interface Texts {
  readonly [key: string]: string | Texts;
}

void i18next.use(initReactI18next).init({
  lng: "en-GB",
  fallbackLng: "en-GB",
  resources: { "en-GB": {} },
  interpolation: { escapeValue: false },
  initAsync: false,
  parseMissingKeyHandler: wordless,
});

/** A word that is looked up by what a row says, and that a newer version added: never shown as the key that it is. */
function wordless(key: string, fallback?: string): string {
  return fallback ?? (key.includes(".") ? "Not known here" : key);
}

/** Registers a feature's texts under its name; called at the top of the feature's entry file. */
export function addTexts(namespace: string, texts: Texts): void {
  i18next.addResourceBundle("en-GB", namespace, texts, true, true);
}

export type Translate = (key: string, values?: Record<string, unknown>) => string;
export function useT(namespace: string): Translate {
  const { t } = useTranslation(namespace);
  return t as unknown as Translate;
}
export function translate(namespace: string, key: string, values: Record<string, unknown> = {}): string {
  return i18next.t(key, { ns: namespace, ...values });
}
