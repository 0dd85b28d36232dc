# frozen_string_literal: true

# Answers what kramdown makes of a text, for benchmarks/kramdown.py.
#
# Reads JSON lines {"text": ..., "options": {...}} and writes one {"ids": [...], "links": [[tag, url], ...]} for each,
# as they stand in the HTML and in its order. Jekyll's defaults hold where the options say nothing.
require "json"
require "kramdown"
require "kramdown-parser-gfm"
require "timeout"

DEFAULTS = { input: "GFM", hard_wrap: false, syntax_highlighter: nil }.freeze
NOT_READ = /<(script|style|textarea|title|iframe|xmp|noembed|noframes)\b((?:"[^"]*"|'[^']*'|[^>"'])*)>(.*?)<\/\1/im.freeze
TAG = /<!--.*?-->|<([a-zA-Z][^\s\/>]*)((?:\s+[^\s=>"'\/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*\/?>/m.freeze
ATTRIBUTE = /([^\s=>"'\/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/m.freeze

def facts(html)
  ids = []
  links = []
  html.gsub(NOT_READ) { "<#{Regexp.last_match(1)}#{Regexp.last_match(2)}>" }.scan(TAG) do |tag, attributes|
    next unless tag

    found = {}
    attributes.scan(ATTRIBUTE) { |name, double, single, bare| found[name.downcase] ||= double || single || bare || "" }
    ids << found["id"] if found["id"] && !found["id"].strip.empty?
    url = found["href"] || found["src"]
    links << [tag.downcase, url] if url
  end
  { ids: ids, links: links }
end

$stdin.set_encoding("utf-8")
$stdout.set_encoding("utf-8")
while (line = $stdin.gets)
  request = JSON.parse(line)
  options = DEFAULTS.merge((request["options"] || {}).transform_keys(&:to_sym))
  answer =
    begin
      Timeout.timeout(20) { facts(Kramdown::Document.new(request["text"], options).to_html) }
    rescue StandardError, SystemStackError, Timeout::Error => e
      { error: "#{e.class}: #{e.message}"[0, 200] }
    end
  puts JSON.generate(answer)
  $stdout.flush
end
