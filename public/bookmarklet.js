// The bookmarklet: reads the captions of the video that is open on YouTube, in the person's own browser, where they may be
// signed in, and opens /capture of their YouTube Summarizer with them behind the "#" of the address. Nothing is sent
// anywhere: what stands behind "#" stays in the browser, and the page there shows it before anything is kept.
//
// public/capture.js makes a bookmark of this file: it puts its own address in the place of ORIGIN and drops lines that
// begin with two slashes. No eval, no innerHTML: YouTube's pages allow neither. What is written is read by
// domain/src/captured.rs.
(async () => {
  const home = 'ORIGIN';
  // Firefox takes addresses up to a megabyte, Chromium up to two.
  const longest = 1000000;
  const say = (text) => alert(`YouTube Summarizer: ${text}`);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const words = (text) => (text ? text.simpleText || (text.runs || []).map((run) => run.text).join('') : '');

  const isYouTube = location.hostname === 'youtube.com' || location.hostname.endsWith('.youtube.com');
  const id = new URLSearchParams(location.search).get('v') || (location.pathname.match(/^\/(?:shorts|live|embed)\/([\w-]{11})/) || [])[1];
  if (!isYouTube || !id || id.length !== 11) {
    return say('open a video on YouTube first, then press this again.');
  }

  // YouTube changes videos without loading a page, and what an earlier one left behind is still there.
  const player = document.getElementById('movie_player');
  const answers = [player && player.getPlayerResponse && player.getPlayerResponse(), window.ytInitialPlayerResponse];
  const answer = answers.find((one) => one && one.videoDetails && one.videoDetails.videoId === id);
  if (!answer) {
    return say('this page does not tell about its video. Reload it, then press this again.');
  }
  const list = answer.captions && answer.captions.playerCaptionsTracklistRenderer;
  const tracks = (list && list.captionTracks) || [];

  // The track that is being shown, else one by hand in the language that is spoken, else what there is.
  const choose = () => {
    const shown = player && player.getOption && player.getOption('captions', 'track');
    const same = shown && shown.languageCode && tracks.find((track) => track.vssId === shown.vss_id);
    const automatic = tracks.find((track) => track.kind === 'asr');
    const byHand = tracks.filter((track) => track.kind !== 'asr');
    const spoken = automatic && byHand.find((track) => track.languageCode === automatic.languageCode);
    return same || spoken || automatic || byHand[0];
  };

  const cuesOf = (file) => {
    const cues = [];
    for (const event of file.events || []) {
      const text = (event.segs || []).map((segment) => segment.utf8 || '').join('').replace(/\s+/g, ' ').trim();
      if (text) {
        cues.push([Math.round(event.tStartMs || 0), Math.round(event.dDurationMs || 0), text]);
      }
    }
    return cues;
  };

  const ask = async (address) => {
    try {
      const response = await fetch(address, { credentials: 'include' });
      const text = response.ok ? await response.text() : '';
      return text ? cuesOf(JSON.parse(text)) : [];
    } catch {
      return [];
    }
  };

  const address = (track, more) => {
    const url = new URL(track.baseUrl, location.href);
    // From the page's own host, or the session would not go along.
    const own = new URL(url.pathname + url.search, location.origin);
    own.searchParams.set('fmt', 'json3');
    for (const [name, value] of Object.entries(more || {})) {
      own.searchParams.set(name, value);
    }
    return own;
  };

  // YouTube withholds captions from whoever has no token. Its own player has one, and shows it when it asks itself.
  const token = () => {
    for (const { name } of performance.getEntriesByType('resource').reverse()) {
      if (name.includes('/api/timedtext') && name.includes('pot=')) {
        const asked = new URL(name).searchParams;
        if (asked.get('v') === id) {
          return { pot: asked.get('pot'), potc: '1', c: asked.get('c') || 'WEB' };
        }
      }
    }
    return null;
  };

  const withToken = async (track) => {
    const button = document.querySelector('.ytp-subtitles-button');
    let found = token();
    if (!found && button && button.getAttribute('aria-pressed') === 'false') {
      // What is asked next is noted only while there is room.
      performance.setResourceTimingBufferSize(10000);
      button.click();
      for (let tries = 0; tries < 15 && !found; tries += 1) {
        await wait(200);
        found = token();
      }
      button.click();
    }
    return found ? ask(address(track, found)) : [];
  };

  // The transcript that YouTube itself shows beside the video: a time and words each.
  const panel = async () => {
    const segments = () => [...document.querySelectorAll('ytd-transcript-segment-renderer, transcript-segment-view-model')];
    if (!segments().length) {
      const open = document.querySelector('ytd-video-description-transcript-section-renderer button');
      if (open) {
        open.click();
      }
      for (let tries = 0; open && tries < 30 && !segments().length; tries += 1) {
        await wait(200);
      }
    }
    const starts = segments().map((segment) => {
      const time = segment.textContent.trim().match(/^(?:(\d+):)?(\d{1,2}):(\d\d)/);
      const text = segment.querySelector('.segment-text, .yt-core-attributed-string');
      const ms = time ? ((Number(time[1] || 0) * 60 + Number(time[2])) * 60 + Number(time[3])) * 1000 : null;
      return [ms, text ? text.textContent.replace(/\s+/g, ' ').trim() : ''];
    });
    const told = starts.filter(([ms, text]) => ms !== null && text);
    return told.map(([ms, text], at) => [ms, Math.max(0, (at + 1 < told.length ? told[at + 1][0] : ms + 5000) - ms), text]);
  };

  // The creator's chapters, where the page is still about this video.
  const chapters = () => {
    const page = window.ytInitialData;
    const about = page && page.currentVideoEndpoint && page.currentVideoEndpoint.watchEndpoint;
    if (!about || about.videoId !== id) {
      return [];
    }
    const bar = page.playerOverlays?.playerOverlayRenderer?.decoratedPlayerBarRenderer?.decoratedPlayerBarRenderer?.playerBar;
    const map = bar?.multiMarkersPlayerBarRenderer?.markersMap || [];
    const found = map.find((entry) => /CHAPTERS/.test(entry.key));
    return (found?.value?.chapters || []).map(({ chapterRenderer }) => [
      Math.round(chapterRenderer?.timeRangeStartMillis || 0),
      words(chapterRenderer?.title),
    ]);
  };

  const pack = async (value) => {
    const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    let binary = '';
    for (let at = 0; at < bytes.length; at += 32768) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  };

  // Fewer, longer cues: words stay, times get coarser.
  const coarser = (cues) => {
    const joined = [];
    for (const [start, length, text] of cues) {
      const last = joined[joined.length - 1];
      if (last && start - last[0] < 15000) {
        last[1] = Math.max(last[1], start + length - last[0]);
        last[2] += ` ${text}`;
      } else {
        joined.push([start, length, text]);
      }
    }
    return joined;
  };

  // The browser opens a tab for a press only within moments of it; later it takes another press.
  const show = (target) => {
    if (window.open(target, '_blank')) {
      return;
    }
    const box = document.createElement('div');
    box.style.cssText = 'position:fixed;z-index:2147483647;top:16px;right:16px;padding:16px;background:#fff;border:1px solid #777;border-radius:8px;font:16px sans-serif';
    const link = document.createElement('a');
    link.href = target;
    link.target = '_blank';
    link.textContent = 'Open the captions in YouTube Summarizer';
    link.style.color = '#185a95';
    link.addEventListener('click', () => box.remove());
    box.append(link);
    document.body.append(box);
  };

  const details = answer.videoDetails;
  const track = choose();
  if (!track) {
    return say('this video has no captions.');
  }
  let cues = await ask(address(track));
  if (!cues.length) {
    cues = await withToken(track);
  }
  if (!cues.length) {
    cues = await panel();
  }
  if (!cues.length) {
    return say('YouTube withholds the captions of this video from your browser too. Open its transcript (More, Show transcript) and press this again, or copy the transcript and paste it.');
  }
  const value = {
    v: 1,
    id,
    title: details.title || '',
    channel: details.author || '',
    seconds: Number(details.lengthSeconds) || null,
    description: details.shortDescription || '',
    language: track.languageCode || '',
    track: words(track.name),
    automatic: track.kind === 'asr',
    chapters: chapters(),
    cues,
  };
  let packed = await pack(value);
  if (packed.length > longest) {
    packed = await pack({ ...value, description: '', cues: coarser(cues) });
  }
  if (packed.length > longest) {
    return say('the captions of this video are too long for an address. Copy the transcript and paste it.');
  }
  show(`${home}/capture#${packed}`);
})();
