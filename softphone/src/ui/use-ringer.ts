import { useEffect } from "react";

const PAUSE_MS = 3000;
const NOTES_HZ = [659, 831];
const NOTE_S = 0.18;
const LEVEL = 0.08; // of full scale: heard, not startling in a headset

/** Rings softly while a call waits: two notes, then a pause. Silent where the browser does not allow sound yet. */
export function useRinger(ringing: boolean): void {
  useEffect(() => {
    if (!ringing) return;
    const context = new AudioContext();
    const ring = () => NOTES_HZ.forEach((hz, index) => note(context, hz, context.currentTime + index * NOTE_S * 1.3));
    ring();
    const timer = setInterval(ring, PAUSE_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [ringing]);
}

function note(context: AudioContext, hz: number, at: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LEVEL, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + NOTE_S);
}
