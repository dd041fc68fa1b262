/** Reads QR codes from the camera: by the browser's own detector where there is one, else by jsQR, which is loaded only then. */

const EVERY = 200; // milliseconds between two looks
const AGAIN = 4000; // the same code within so long is the same look
const WIDEST = 640; // pixels that jsQR looks at

export class Camera {
  /** `found` is called with the text of each code. */
  constructor(video, jsqr, found) {
    this.video = video;
    this.jsqr = jsqr;
    this.found = found;
    this.last = { text: "", at: 0 };
  }

  static get works() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  async start() {
    this.read = await this.reader();
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.timer = setInterval(() => this.look(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
  }

  async look() {
    if (this.looking || this.video.readyState < 2) return;
    this.looking = true;
    try {
      const text = await this.read();
      const now = Date.now();
      if (text && (text !== this.last.text || now - this.last.at > AGAIN)) this.found(text);
      if (text) this.last = { text, at: now };
    } finally {
      this.looking = false;
    }
  }

  async reader() {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
    if (formats.includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await detector.detect(this.video).catch(() => []))[0]?.rawValue ?? "";
    }
    await import(this.jsqr); // leaves `jsQR` behind
    const canvas = document.createElement("canvas");
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const scale = Math.min(1, WIDEST / this.video.videoWidth);
      canvas.width = Math.round(this.video.videoWidth * scale);
      canvas.height = Math.round(this.video.videoHeight * scale);
      drawing.drawImage(this.video, 0, 0, canvas.width, canvas.height);
      const seen = drawing.getImageData(0, 0, canvas.width, canvas.height);
      return globalThis.jsQR(seen.data, seen.width, seen.height)?.data ?? "";
    };
  }
}
