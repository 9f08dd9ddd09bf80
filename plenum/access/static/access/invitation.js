// The code of an invitation stands behind # in its link: it goes into the form, and out of the address.
'use strict'
const openInvitation = () => {
  const form = document.querySelector('form[data-invitation]')
  const code = window.location.hash.slice(1)
  if (!form || !code) return
  window.history.replaceState(null, '', window.location.pathname)
  form.elements.code.value = code
  form.requestSubmit()
}
window.addEventListener('hashchange', openInvitation)
openInvitation()
