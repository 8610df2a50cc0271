// Comfort only: the page is whole without it.
(function () {
  "use strict";
  var switches = document.querySelectorAll("input.switch");
  function follow() {
    switches.forEach(function (item) {
      if (item.checked) { document.documentElement.lang = item.id.slice(-2); }
    });
  }
  switches.forEach(function (item) { item.addEventListener("change", follow); });
  if (location.hash.slice(0, 4) === "#en-" && switches.length) { switches[1].checked = true; }
  follow();
  function light(id, on) {
    document.querySelectorAll('[data-section="' + id + '"]').forEach(function (part) {
      part.classList.toggle("lit", on);
    });
  }
  document.querySelectorAll("[data-section]").forEach(function (part) {
    var id = part.getAttribute("data-section");
    part.addEventListener("mouseenter", function () { light(id, true); });
    part.addEventListener("mouseleave", function () { light(id, false); });
  });
  // What is wider than a phone is opened at its middle: the corners of a map are mostly empty.
  document.querySelectorAll(".mapfig .scroll").forEach(function (part) {
    part.scrollLeft = (part.scrollWidth - part.clientWidth) / 2;
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
