/** <stage-player> around a <video> with an HLS <source>: plays it by hls.js where the browser has no player of its own that can be relied on, says in words
 *  what is wrong, and tries again. Nothing is fetched before somebody presses play. The <details> around it has data-mode (video, audio) and data-starts. */

const LIBRARY = "../vendor/hls/hls.min.mjs";
const PAUSES = [2000, 4000, 8000, 15_000, 30_000]; // milliseconds between tries
const PATIENCE = 6000; // a picture that stands longer than this is spoken of
const RELOAD = 30_000; // who was watching when the page was loaded again goes on watching
const NOT_YET = "The stream has not begun yet. We look for it again by ourselves.";
const SILENT = "The stream does not answer. We keep trying.";
const UNPLAYABLE = "This browser can’t play the stream.";
// Apple's browsers are made for HLS; other browsers' own players are young, and know nothing of sound only.
const isApple = "ManagedMediaSource" in window || !("MediaSource" in window);

const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now(); // a rehearsal's clock is apart from ours

class StagePlayer extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.address = this.querySelector("source").src;
    const { mode, starts } = this.closest("[data-mode]").dataset;
    this.isAudio = mode === "audio";
    this.startsAt = Date.parse(starts);
    this.key = `watching ${location.pathname}`;
    this.tries = 0;
    this.watch();
    if (isApple) this.querySelector("source").addEventListener("error", () => this.tryAgain());
    else this.offerStart();
  }

  disconnectedCallback() {
    clearTimeout(this.again);
    clearTimeout(this.stall);
    this.hls?.destroy();
  }

  watch() {
    this.video.addEventListener("playing", () => this.goesOn());
    this.video.addEventListener("timeupdate", () => this.goesOn());
    this.video.addEventListener("waiting", () => {
      clearTimeout(this.stall);
      this.stall = setTimeout(() => this.say(SILENT, true), PATIENCE);
    });
    this.video.addEventListener("ended", () => this.say("The stream has ended."));
    this.video.addEventListener("error", () => isApple && this.tryAgain());
    addEventListener("online", () => this.again && this.open());
    addEventListener("pagehide", () => this.remember());
  }

  /** A play button of our own: the browser's is dead without a source. */
  offerStart() {
    const start = this.querySelector("[data-start]");
    this.querySelector("source").remove();
    this.video.load();
    this.video.controls = false;
    start.hidden = false;
    start.addEventListener("click", () => this.start());
    if (this.wasWatching()) this.start();
  }

  start() {
    this.querySelector("[data-start]").hidden = true;
    this.video.controls = true;
    this.video.focus({ preventScroll: true });
    this.open();
  }

  async open() {
    clearTimeout(this.again);
    this.again = null;
    if (!this.tries) this.say("Opening the stream …");
    if (isApple) {
      this.video.load();
      this.video.play().catch(() => {});
      return;
    }
    try {
      const { default: Hls } = await import(this.tries ? `${LIBRARY}?${this.tries}` : LIBRARY); // a failed import is remembered
      this.play(Hls);
    } catch {
      this.tryAgain();
    }
  }

  play(Hls) {
    const position = Number.isFinite(this.video.duration) ? this.video.currentTime : -1; // -1: the live edge, or the beginning
    this.hls?.destroy();
    const hls = new Hls({ enableWorker: false, startPosition: position || -1, backBufferLength: 60 });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_, error) => error.fatal && this.mend(Hls, error));
    if (this.isAudio) this.listenOnly(Hls);
    hls.on(Hls.Events.MANIFEST_PARSED, () => this.video.play().catch(() => this.say("Press play to go on.")));
    hls.loadSource(this.address);
    hls.attachMedia(this.video);
  }

  /** The stream's own sound where it has one apart; else the smallest of what it has. */
  listenOnly(Hls) {
    this.hls.on(Hls.Events.MANIFEST_PARSED, () => (this.hls.autoLevelCapping = 0));
    this.hls.on(Hls.Events.MANIFEST_LOADED, (_, { levels, audioTracks }) => {
      const sound = audioTracks.find((track) => track.url) ?? levels.find((level) => level.audioCodec && !level.videoCodec && !level.width);
      if (levels.length + audioTracks.length > 1 && sound) this.hls.loadSource(sound.url);
    });
  }

  mend(Hls, error) {
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.wasMended) {
      this.wasMended = true;
      this.hls.recoverMediaError();
    } else if (error.type === Hls.ErrorTypes.NETWORK_ERROR) {
      this.tryAgain();
    } else {
      this.hls.destroy();
      this.say(UNPLAYABLE, true);
    }
  }

  tryAgain() {
    const pause = PAUSES[Math.min(this.tries, PAUSES.length - 1)];
    this.tries += 1;
    this.hls?.destroy();
    clearTimeout(this.again);
    this.again = setTimeout(() => this.open(), pause * (0.75 + Math.random() / 2)); // not everybody at once
    this.say(Date.now() + offset < this.startsAt ? NOT_YET : SILENT, true);
  }

  goesOn() {
    clearTimeout(this.stall);
    this.tries = 0;
    this.wasMended = false;
    this.say("");
  }

  say(words, withWayOut = false) {
    const slot = this.querySelector("[data-says]");
    if (slot.textContent !== words) slot.textContent = words;
    this.querySelector("[data-way-out]").hidden = !withWayOut;
  }

  /** The page is loaded again when the session's time is over: whoever was watching isn't cut off. A browser may keep nothing for us. */
  remember() {
    try {
      if (this.video.paused) sessionStorage.removeItem(this.key);
      else sessionStorage.setItem(this.key, Date.now());
    } catch {}
  }

  wasWatching() {
    try {
      return Date.now() - Number(sessionStorage.getItem(this.key)) < RELOAD;
    } catch {
      return false;
    }
  }
}

customElements.define("stage-player", StagePlayer);
