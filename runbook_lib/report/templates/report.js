document.querySelectorAll("pre.command").forEach(function (block) {
  var button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy the command");
  var said = document.createElement("span");
  said.className = "said";
  said.setAttribute("role", "status");
  button.addEventListener("click", function () {
    var text = block.querySelector("code").textContent;
    function done() {
      said.textContent = "Copied";
      setTimeout(function () { said.textContent = ""; }, 2000);
    }
    function byHand() {
      var range = document.createRange();
      range.selectNodeContents(block.querySelector("code"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (document.execCommand("copy")) { done(); } else { said.textContent = "Selected: press Ctrl+C"; }
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, byHand); } else { byHand(); }
  });
  block.insertAdjacentElement("afterend", said);
  block.insertAdjacentElement("afterend", button);
});
