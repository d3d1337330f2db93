'use strict';
(() => {
  const root = document.documentElement, words = document.body.dataset;
  root.classList.add('js');
  const say = (key) => words[key + (document.getElementById('zh').checked ? 'Zh' : 'En')];
  const status = document.getElementById('status');

  // A command is copied as it stands. Where there is no clipboard to write to, it is selected.
  async function copy(button) {
    const code = button.parentElement.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      if (!document.execCommand('copy')) return;
    }
    const before = [...button.childNodes];
    status.textContent = say('copied');
    button.replaceChildren(say('copied'));
    setTimeout(() => { button.replaceChildren(...before); status.textContent = ''; }, 1500);
  }
  document.addEventListener('click', (e) => {
    const button = e.target.closest('.copy');
    if (button) copy(button);
  });

  // What is folded is read on paper, too.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    for (const d of closed) d.open = true;
  });
  addEventListener('afterprint', () => { for (const d of closed) d.open = false; closed = []; });

  // Cards that do not have the words are hidden; the list beside them, too.
  let timer;
  document.addEventListener('input', (e) => {
    const find = e.target;
    if (find.id !== 'find') return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const card of document.querySelectorAll('.card')) {
        const text = card.textContent.toLowerCase();
        const hide = !words.every((w) => text.includes(w));
        card.hidden = hide;
        document.querySelector('.list a[href="#' + card.id + '"]').parentElement.hidden = hide;
      }
    }, 120);
  });
})();
