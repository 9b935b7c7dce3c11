// Opens an article beside the form as soon as it has come, and closes it by a click beside it.
const dialog = document.getElementById("reading");

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "reading-part") return;
  dialog.showModal();
  dialog.scrollTop = 0;
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
