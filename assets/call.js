// Counts a mediator's call down, and says in time that it will be over. Every page works without this file: it says until
// when the call lasts, as it stood when the page was made.

const SECOND = 1000
const MINUTE = 60
// Long enough to ask for another code before the time is over.
const SOON = 3 * MINUTE

export function watchCall (banner) {
  const find = name => banner.querySelector(`[data-call-${name}]`)
  const endsAt = Date.now() + Number(banner.dataset.call) * SECOND
  const left = find('left')
  const soon = find('soon')

  function draw () {
    const seconds = (endsAt - Date.now()) / SECOND
    left.textContent = inWords(seconds)
    if (seconds < SOON && !soon.firstChild) soon.append(find('soon-text').content.cloneNode(true))
    if (seconds <= 0) clearInterval(ticking)
  }

  const ticking = setInterval(draw, SECOND)
  draw()
}

function inWords (seconds) {
  if (seconds <= 0) return 'Its time is over.'
  const minutes = Math.floor(seconds / MINUTE)
  if (minutes < 1) return 'Less than 1 minute left.'
  return minutes === 1 ? '1 minute left.' : `${minutes} minutes left.`
}
