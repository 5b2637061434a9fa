import { decodeSettings, encodeSettings } from "../link/settings-link.ts";
import { defaults, type Settings } from "../settings.ts";

const KEY = "bn-only-playground";

/** Of the last visit, where the browser kept any that still fit. */
export function rememberedSettings(): Settings {
  try {
    return decodeSettings(localStorage.getItem(KEY) ?? encodeSettings(defaults));
  } catch {
    return defaults;
  }
}

export function rememberSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, encodeSettings(settings));
  } catch {
    // Private windows may keep nothing.
  }
}
