/** How a till tells that a patient was handed over: each chooses for itself, as it chooses light or dark. */
import "./alert.css";

export const alertKinds = ["sound", "flash", "quiet"] as const;
export type AlertKind = (typeof alertKinds)[number];
const key = "horopter-handoff-alert";

export function chosenAlert(): AlertKind {
  const stored = localStorage.getItem(key);
  return alertKinds.find((kind) => kind === stored) ?? "flash";
}
export function chooseAlert(kind: AlertKind): void {
  localStorage.setItem(key, kind);
}

/** How long the top bar stays marked, milliseconds. */
const flashes = 4_000;
let fading: ReturnType<typeof setTimeout> | undefined;

/** Sounds, flashes or does neither, as this till prefers. */
export function announceHandoff(kind: AlertKind = chosenAlert()): void {
  if (kind === "sound") sound();
  if (kind === "flash") flash();
}

function flash(): void {
  document.documentElement.dataset.alert = "handoff";
  clearTimeout(fading);
  fading = setTimeout(() => delete document.documentElement.dataset.alert, flashes);
}

let audio: AudioContext | null = null;
/** How long a browser may take to let a sound out, milliseconds; a chime that comes later belongs to nothing. */
const patience = 400;

/** Chimes. A browser is silent until somebody has touched the page: until then the card flashes. */
function sound(): void {
  audio ??= new AudioContext();
  const speaker = audio;
  if (speaker.state === "running") {
    chime(speaker);
    return;
  }
  let late = false;
  const giveUp = setTimeout(() => {
    late = true;
    flash();
    const wake = () => void speaker.resume();
    for (const touch of ["pointerdown", "keydown"]) window.addEventListener(touch, wake, { once: true });
  }, patience);
  void speaker.resume().then(() => {
    clearTimeout(giveUp);
    if (!late) chime(speaker);
  });
}

/** Two soft notes, a fourth apart, made on the spot. */
function chime(audio: AudioContext): void {
  const begin = audio.currentTime + 0.02;
  [659.3, 880].forEach((pitch, index) => {
    const note = audio.createOscillator();
    const loudness = audio.createGain();
    const at = begin + index * 0.18;
    note.type = "sine";
    note.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(0.18, at + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
    note.connect(loudness).connect(audio.destination);
    note.start(at);
    note.stop(at + 0.55);
  });
}
