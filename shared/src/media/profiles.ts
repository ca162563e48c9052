/** What carries the audio of a leg: the profiles of its m-line that each kind of leg speaks (RFC 3551, RFC 4585, RFC 5764, RFC 7850). */
export const AUDIO_PROFILES: Readonly<Record<"webrtc" | "rtp", ReadonlySet<string>>> = {
  webrtc: new Set(["UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVPF"]),
  rtp: new Set(["RTP/AVP", "RTP/AVPF"]),
};
