// Says two minutes before somebody is signed out for want of activity, lets them stay, and clears the page at the end.
// Every page works without this file: its foot says when the session ends.
//
// The server alone knows when that is, since other tabs move it on: it is asked before anything is said. Asking moves
// nothing on.

const SECOND = 1000
const WARN_BEFORE = 120 * SECOND
const NOTICE_BEFORE = 600 * SECOND
// At the end the server is given this long to say that another tab moved it on.
const ANSWER_WITHIN = 5 * SECOND
const ASK_EVERY = 60 * SECOND
const ASK_WHILE_WARNING_EVERY = 5 * SECOND
// What a screen reader hears after the warning itself, in seconds left.
const SAY_AT = [60, 20]

export function watchSession (dialog) {
  const text = name => dialog.querySelector(`[data-session-${name}]`)
  const notice = document.querySelector('[data-session-notice]')
  const noticeText = document.querySelector('[data-session-notice-text]')
  const page = { id: dialog.dataset.id, standing: dialog.dataset.standing }
  let endsAt, longestUntil
  let askedAt = Date.now()
  let questions = 0
  let toSay = []
  let isOver = false

  function learn (seconds, longest) {
    endsAt = Date.now() + seconds * SECOND
    longestUntil = Date.now() + longest * SECOND
    const shown = document.querySelector('[data-session-ends]')
    if (shown) shown.textContent = clock(new Date(endsAt))
  }

  // Nothing stays on the screen; the sign-in page says why.
  function leave () {
    if (isOver) return
    isOver = true
    clearInterval(ticking)
    document.title = 'Contact point'
    document.body.replaceChildren()
    const here = location.pathname + location.search
    location.replace(`${dialog.dataset.signIn}?next=${encodeURIComponent(here)}`)
  }

  async function ask (method = 'GET') {
    const question = ++questions
    askedAt = Date.now()
    try {
      const token = dialog.querySelector('[name=csrfmiddlewaretoken]').value
      const answer = await fetch(dialog.dataset.address, {
        method, headers: { 'X-CSRFToken': token }, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN)
      })
      if (!answer.ok) return false
      const told = await answer.json()
      if (question !== questions) return true // a later one is under way, and knows better
      // Ended, stopped since this page came, or somebody's new session in this browser.
      const isStopped = told.standing === 'stopped' && page.standing === 'live'
      if (told.standing === 'ended' || isStopped || String(told.id) !== page.id) leave()
      else learn(told.seconds, told.longest)
      return true
    } catch {
      return false
    } finally {
      draw()
    }
  }

  async function stay () {
    text('problem').hidden = true
    const answered = await ask('POST')
    text('problem').hidden = answered
    if (!answered) ask()
  }

  function draw () {
    if (isOver) return
    const now = Date.now()
    document.body.hidden = now >= endsAt
    if (now >= longestUntil - NOTICE_BEFORE && !notice.firstChild) notice.append(noticeText.content.cloneNode(true))
    const left = Math.ceil((endsAt - now) / SECOND)
    // At the longest limit nobody can stay, and whoever is typing is not to be held up.
    const warns = now >= endsAt - WARN_BEFORE && endsAt < longestUntil - SECOND
    if (warns && !dialog.open) {
      toSay = SAY_AT.filter(seconds => seconds < left)
      dialog.showModal()
    }
    if (!warns && dialog.open) {
      text('said').textContent = ''
      text('problem').hidden = true
      dialog.close()
    }
    if (!dialog.open) return
    text('left').textContent = inWords(left)
    if (left <= toSay[0]) text('said').textContent = `You will be signed out in ${inWords(toSay.shift())}.`
  }

  async function tick () {
    const now = Date.now()
    const near = now >= endsAt - WARN_BEFORE
    const isLast = now >= endsAt && askedAt < endsAt
    const due = isLast || now - askedAt >= (near ? ASK_WHILE_WARNING_EVERY : ASK_EVERY)
    if (due && (near || !document.hidden)) await ask()
    if (Date.now() >= endsAt + ANSWER_WITHIN) leave()
    else if (!near || askedAt >= endsAt - WARN_BEFORE) draw()
  }

  learn(Number(dialog.dataset.seconds), Number(dialog.dataset.longest))
  const ticking = setInterval(tick, SECOND)
  text('stay').addEventListener('click', stay)
  dialog.addEventListener('cancel', event => {
    event.preventDefault()
    stay()
  })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask() })
  // Taken out of the browser's memory by its back button: shown again once the server says that it may be.
  window.addEventListener('pageshow', event => {
    if (!event.persisted) return
    endsAt = Date.now()
    draw()
    ask()
  })
}

function inWords (seconds) {
  const minutes = Math.floor(Math.max(0, seconds) / 60)
  const rest = Math.max(0, seconds) % 60
  const parts = []
  if (minutes) parts.push(`${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`)
  if (rest || !minutes) parts.push(`${rest} ${rest === 1 ? 'second' : 'seconds'}`)
  return parts.join(' ')
}

// As the rest of the page writes it, in the service's time zone: 14:32.
function clock (moment) {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Europe/London' }
  return moment.toLocaleTimeString('en-GB', options)
}
