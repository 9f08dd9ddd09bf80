// Security keys: the browser asks the key, and the form carries what the key has signed. Without keys the page says so.
'use strict'
for (const form of document.querySelectorAll('form[data-key]')) {
  const button = form.querySelector('button')
  const trouble = form.querySelector('.key-trouble')
  const able = window.isSecureContext && window.PublicKeyCredential && window.webauthnJSON.supported()
  if (!able) {
    form.querySelector('.key-unable').hidden = false
    button.disabled = true
    continue
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    trouble.hidden = true
    const options = JSON.parse(document.getElementById('key-options').textContent)
    try {
      const ask = form.dataset.key === 'create' ? window.webauthnJSON.create : window.webauthnJSON.get
      form.elements.credential.value = JSON.stringify(await ask(options))
      form.submit()
    } catch (error) {
      console.warn(error)
      trouble.hidden = false
      trouble.focus()
    }
  })
}
