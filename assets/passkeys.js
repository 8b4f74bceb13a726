// Starts allauth's passkey scripts on forms marked `data-passkey`, and tells the person when it did not work.
// They are given the ids of the button and of the box for the answer, and the server's options, as data attributes.
(function () {
  'use strict'

  const problem = 'That did not work. Check that the passkey is here and is yours, then try again, or use another way.'
  const starters = { login: 'loginForm', authenticate: 'authenticateForm', add: 'addForm' }

  function start (form) {
    const data = form.dataset
    // A submit button would send the form at the press, before the passkey has answered.
    document.getElementById(data.passkeyButton).type = 'button'
    const options = data.passkeyOptions ? JSON.parse(data.passkeyOptions) : {}
    window.allauth.webauthn.forms[starters[data.passkey]]({
      data: options,
      ids: {
        login: data.passkeyButton,
        authenticate: data.passkeyButton,
        add: data.passkeyButton,
        credential: data.passkeyCredential,
        passwordless: data.passkeyPasswordless
      }
    })
  }

  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    for (const place of document.querySelectorAll('[data-passkey-problem]')) {
      place.textContent = problem
      place.hidden = false
    }
  })

  if (!window.PublicKeyCredential) {
    return
  }
  for (const section of document.querySelectorAll('[data-passkey-section]')) {
    section.hidden = false
  }
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    start(form)
  }
})()
