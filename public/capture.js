// The page /capture. Makes the bookmarklet's button; and where an address brings captions, unpacks them, shows what they
// are, and fills the form that keeps them. All of it is from outside: it is only ever shown as text, and the server reads
// it again before anything is kept. No wasm here: this page is made on the server and has this script alone.
(async () => {
  const find = (name) => document.getElementById(name);
  const clock = (ms) => {
    const seconds = Math.floor(ms / 1000);
    const two = (n) => String(n).padStart(2, '0');
    const minutes = `${Math.floor(seconds / 60) % 60}`;
    return seconds < 3600 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(seconds / 3600)}:${two(minutes)}:${two(seconds % 60)}`;
  };

  // What domain/src/captured.rs reads at most.
  const largest = 10 * 1024 * 1024;
  const longestAddress = 2 * 1024 * 1024;

  const unpack = async (packed) => {
    if (packed.length > longestAddress || !/^[\w-]+$/.test(packed)) {
      throw new Error('not packed');
    }
    const bytes = Uint8Array.from(atob(packed.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    const parts = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      size += value.length;
      // A few kilobytes can unpack to gigabytes.
      if (size > largest) {
        await reader.cancel();
        throw new Error('too large');
      }
      parts.push(value);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await new Blob(parts).arrayBuffer());
  };

  const isCue = (cue) => Array.isArray(cue) && cue.length === 3 && Number.isFinite(cue[0]) && Number.isFinite(cue[1]) && typeof cue[2] === 'string';

  const check = (file) => {
    const fits =
      file !== null &&
      typeof file === 'object' &&
      typeof file.id === 'string' &&
      /^[\w-]{11}$/.test(file.id) &&
      typeof file.title === 'string' &&
      Array.isArray(file.cues) &&
      file.cues.length > 0 &&
      file.cues.every(isCue);
    if (!fits) {
      throw new Error('not captions');
    }
    return file;
  };

  const language = (code) => {
    try {
      return new Intl.DisplayNames('en', { type: 'language' }).of(code) || code;
    } catch {
      return code;
    }
  };

  const text = (value) => (typeof value === 'string' ? value.slice(0, 200) : '');

  const item = (words) => {
    const span = document.createElement('span');
    span.className = 'item';
    span.textContent = words;
    return span;
  };

  const show = (file) => {
    find('captured-title').textContent = text(file.title) || file.id;
    const last = file.cues[file.cues.length - 1];
    const length = Number.isFinite(file.seconds) && file.seconds > 0 ? file.seconds * 1000 : last[0] + Math.max(0, last[1]);
    const words = file.cues.reduce((count, cue) => count + cue[2].split(/\s+/).filter(Boolean).length, 0);
    const kind = file.automatic === true ? 'automatic captions' : 'captions';
    const facts = [
      text(file.channel),
      clock(length),
      `${language(text(file.language))} ${kind}`.trim(),
      `${file.cues.length.toLocaleString('en')} cues, ${words.toLocaleString('en')} words`,
    ];
    find('captured-facts').replaceChildren(...facts.filter(Boolean).map(item));
    const rows = file.cues.slice(0, 6).map(([start, , said]) => {
      const row = document.createElement('li');
      const time = document.createElement('span');
      time.className = 'quiet';
      time.textContent = clock(Math.max(0, start));
      const line = document.createElement('span');
      line.dir = 'auto';
      line.textContent = said.slice(0, 300);
      row.append(time, line);
      return row;
    });
    find('captured-cues').replaceChildren(...rows);
    find('captured-more').textContent = file.cues.length > rows.length ? `and ${(file.cues.length - rows.length).toLocaleString('en')} more` : '';
  };

  const look = async () => {
    const packed = location.hash.slice(1);
    let shown = 'help';
    if (packed) {
      try {
        const json = await unpack(packed);
        show(check(JSON.parse(json)));
        find('captured').value = json;
        shown = 'preview';
      } catch {
        shown = 'broken';
      }
    }
    for (const name of ['preview', 'broken']) {
      find(name).hidden = name !== shown;
    }
    find('help').hidden = shown === 'preview';
    document.title = shown === 'preview' ? 'Captions from your browser · YouTube Summarizer' : document.title;
  };

  // The line that sums the choices up follows them.
  const options = document.querySelector('#preview .options');
  const sums = options ? [...options.querySelectorAll('summary .item')] : [];
  const selects = options ? [...options.querySelectorAll('select')] : [];
  selects.forEach((select, at) => {
    select.addEventListener('change', () => {
      if (sums[at]) {
        sums[at].textContent = select.selectedOptions[0].textContent;
      }
    });
  });

  const button = find('bookmarklet');
  try {
    const source = await (await fetch(button.dataset.source)).text();
    const code = source
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line && !line.startsWith('//'))
      .join('\n')
      .replace('ORIGIN', location.origin);
    button.href = `javascript:${encodeURIComponent(code)}`;
    find('bookmarklet-code').value = button.href;
  } catch {
    button.removeAttribute('href');
  }
  // Pressed here it could only say that this is not YouTube, and the policy of this page forbids it to say anything.
  button.addEventListener('click', (event) => {
    event.preventDefault();
    find('drag').hidden = false;
  });
  addEventListener('hashchange', look);
  await look();
  document.documentElement.dataset.captureReady = '';
})();
