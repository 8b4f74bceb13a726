// Draws charts over their tables. Without this file the tables stand alone, and say the same.
const COLOURS = ['#1d70b8', '#f47738', '#00703c', '#4c2c92', '#b58840', '#d4351c', '#505a5f']
const WAYS = [none, rising, dots, falling, crossed, across, upright]
const SIZE = 8
const WIDE = 26 // letters of a line beside a bar, and where there is little room
const NARROW = 18
const HIGH = 80 // of a bar with the lines beside it

// Told apart by pattern as well as by colour.
function pattern (place) {
  const tile = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE })
  const pen = tile.getContext('2d')
  pen.fillStyle = COLOURS[place % COLOURS.length]
  pen.fillRect(0, 0, SIZE, SIZE)
  pen.strokeStyle = pen.fillStyle = '#ffffff'
  pen.lineWidth = 1.5
  WAYS[place % WAYS.length](pen)
  return pen.createPattern(tile, 'repeat')
}

function stroke (pen, ...lines) {
  pen.beginPath()
  for (const [x, y, toX, toY] of lines) {
    pen.moveTo(x, y)
    pen.lineTo(toX, toY)
  }
  pen.stroke()
}

function none () {}
function rising (pen) { stroke(pen, [0, SIZE, SIZE, 0]) }
function falling (pen) { stroke(pen, [0, 0, SIZE, SIZE]) }
function crossed (pen) { rising(pen); falling(pen) }
function across (pen) { stroke(pen, [0, 4, SIZE, 4]) }
function upright (pen) { stroke(pen, [4, 0, 4, SIZE]) }
function dots (pen) { pen.fillRect(2, 2, 3, 3) }

// A sentence beside a bar, in lines: Chart.js breaks none.
function lines (text, wide) {
  const found = ['']
  for (const word of text.split(' ')) {
    const last = found.length - 1
    if (found[last] && found[last].length + word.length > wide) found.push(word)
    else found[last] = `${found[last]} ${word}`.trim()
  }
  return found
}

for (const picture of document.querySelectorAll('[data-chart]')) {
  const { labels, names, series, lying } = JSON.parse(picture.dataset.chart)
  picture.hidden = false
  const wide = picture.clientWidth > 500 ? WIDE : NARROW
  if (lying) picture.style.height = `${labels.length * HIGH + 80}px`
  const measure = { stacked: true, beginAtZero: true, ticks: { color: '#0b0c0c', precision: 0 } }
  const along = { stacked: true, ticks: { color: '#0b0c0c', autoSkip: !lying }, grid: { display: false } }
  picture.parentElement.querySelector('details').open = false
  const datasets = series.map((data, place) => ({
    label: names[place], data, backgroundColor: pattern(place), borderColor: '#0b0c0c', borderWidth: 1
  }))
  new window.Chart(picture.querySelector('canvas'), {
    type: 'bar',
    data: { labels: lying ? labels.map(label => lines(label, wide)) : labels, datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      color: '#0b0c0c',
      indexAxis: lying ? 'y' : 'x',
      scales: lying ? { x: measure, y: along } : { x: along, y: measure }
    }
  })
}
