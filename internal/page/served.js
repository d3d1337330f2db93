'use strict';
(() => {
  const root = document.documentElement, get = (id) => document.getElementById(id);
  const fresh = get('fresh'), pause = get('pause'), status = get('status');
  if (!fresh) return; // an answer that stays as it is
  const hold = 10000; // for so long a problem has to be gone to be solved
  let source, timer, newest, told = '', gone = new Map();
  const enter = (state) => { root.dataset.state = state; };
  const say = (element, texts) => texts.forEach((text, i) => { element.children[i].textContent = text; });

  // Nothing that is read moves: what is different is counted, and shown when the reader asks for it.
  function compare(state) {
    newest = state;
    let opened = 0, changed = state.rest !== document.querySelector('main').dataset.rest ? 1 : 0, solved = 0;
    const cards = new Map([...document.querySelectorAll('.card')].map((card) => [card.id.slice(2), card]));
    for (const [id, edition] of Object.entries(state.problems)) {
      if (!cards.has(id)) opened++;
      else if (cards.get(id).dataset.edition !== edition) changed++;
    }
    for (const [id, card] of cards) {
      if (id in state.problems) gone.delete(id);
      else if (!gone.has(id)) gone.set(id, state.at);
      const is = gone.has(id) && state.at - gone.get(id) >= hold;
      card.classList.toggle('solved', is);
      if (is) solved++;
    }
    [opened, changed, solved].forEach((n, i) => {
      const news = fresh.querySelectorAll('.news')[i];
      news.hidden = n === 0;
      news.firstChild.textContent = n;
    });
    fresh.classList.toggle('any', opened + changed + solved > 0);
    const text = fresh.classList.contains('any') ? fresh.innerText : '';
    if (text !== told) status.textContent = told = text;
    document.title = document.title.replace(/^\(\d+\) /, '').replace(/^/, opened ? '(' + opened + ') ' : '');
  }

  function take(event) {
    const state = JSON.parse(event.data);
    say(get('asof'), state.asOf);
    if (get('old').textContent !== state.old.join('')) say(get('old'), state.old);
    enter(state.old[0] ? 'old' : 'live');
    compare(state);
    wait();
  }

  // A server that says nothing for long is not there, whatever the connection says.
  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => enter('lost'), 30000);
  }

  function connect() {
    source = new EventSource('events' + location.search);
    source.onmessage = take;
    source.onerror = () => {
      enter('lost');
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      clearTimeout(timer);
      timer = setTimeout(connect, 5000);
    };
    wait();
  }

  const folds = (main) => [...main.querySelectorAll('.card details')].map((fold) => [
    fold.closest('.card').id + fold.firstElementChild.textContent.replace(/\d+/g, ''), fold]);

  async function show() {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = document.querySelector('main'), next = page.querySelector('main');
    const open = new Set(folds(main).filter(([, fold]) => fold.open).map(([key]) => key));
    for (const [key, fold] of folds(next)) fold.open = open.has(key);
    for (const card of next.querySelectorAll('.card')) if (!get(card.id)) card.classList.add('new');
    const words = get('find')?.value, find = next.querySelector('#find');
    const read = scrollY > 80 && [...main.querySelectorAll('.card')].find((card) => card.getBoundingClientRect().bottom > 80);
    const before = read && read.getBoundingClientRect().top;
    main.replaceWith(next);
    document.title = page.title;
    if (words && find) { find.value = words; find.dispatchEvent(new Event('input', { bubbles: true })); }
    const head = next.querySelector('h1'), same = read && get(read.id);
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    const stay = (frames) => { // cards get their sizes when they are drawn
      if (!same) return;
      scrollBy({ top: same.getBoundingClientRect().top - before, behavior: 'instant' });
      if (frames > 0) requestAnimationFrame(() => stay(frames - 1));
    };
    stay(3);
    gone = new Map();
    if (newest) compare(newest);
  }

  fresh.addEventListener('click', (event) => {
    event.preventDefault();
    show().catch(() => enter('lost'));
  });
  pause.addEventListener('click', () => {
    if (root.dataset.state === 'paused') return connect();
    source.close();
    clearTimeout(timer);
    enter('paused');
  });
  pause.hidden = false;
  connect();
})();
