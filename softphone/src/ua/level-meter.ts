import { levelOf } from "../model/audio-devices.js";

const PERIOD_MS = 100;

/** Measures a track until the returned function is called. */
export function measure(track: MediaStreamTrack, listener: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    listener(levelOf(samples));
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
