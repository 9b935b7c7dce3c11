// Opens an article beside the form as soon as it has come, and closes it by a click beside it. What it links to opens
// elsewhere: the unsent words stay.
const dialog = document.getElementById("reading");

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "reading-part") return;
  for (const link of dialog.querySelectorAll(".prose a")) link.target = "_blank";
  dialog.showModal();
  dialog.scrollTop = 0;
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
