# Array#sort! of Ruby as a target of Worstsort, and all that another sort in Ruby needs: put it into sort.
#
#   worstsort check --target "cmd: ruby ruby_sort.rb" --sizes 1000,4000

# The block is negative if its first item belongs before the second, positive if after it, and else 0.
def sort(items, &compare)
  items.sort!(&compare)
end

def by_values(values, counted)
  lambda do |a, b|
    counted[0] += 1
    values[a] - values[b]
  end
end

# M. D. McIlroy's adversary, which gives items values (-1: none yet) when it has to, as the genes say.
def by_decisions(genes, values, counted)
  candidate, low, high, asked = 0, 0, values.size - 1, 0
  lambda do |a, b|
    counted[0] += 1
    next 0 if a == b
    if values[a] < 0 && values[b] < 0
      gene = genes[asked] || 0
      asked += 1
      frozen, candidate = (candidate == a) != gene.odd? ? [a, b] : [b, a]
      if gene & 2 == 0
        values[frozen] = low
        low += 1
      else
        values[frozen] = high
        high -= 1
      end
    end
    x, y = values[a], values[b]
    if x < 0
      candidate = a
      next y > high ? -1 : 1
    end
    if y < 0
      candidate = b
      next x < low ? -1 : 1
    end
    x - y
  end
end

def by_asking(replies)
  lambda do |a, b|
    replies.write([a, b].pack("l<2"))
    replies.flush
    $stdin.read(1).unpack1("c")
  end
end

$stdin.binmode
replies = $stdout.dup.binmode
$stdout = $stderr # what the sort prints must not get among the replies
replies.write("worstsort 1 Ruby #{RUBY_VERSION} Array#sort!\n")
replies.flush
while (header = $stdin.read(16))
  mode, size, rows, genes = header.unpack("l<4")
  rows.times do
    items, counted = (0...size).to_a, [0]
    case mode
    when 0
      sort(items, &by_values($stdin.read(4 * size).unpack("l<*"), counted))
      replies.write(counted.pack("q<") + items.pack("l<*"))
    when 1
      values = [-1] * size
      sort(items, &by_decisions($stdin.read(genes).unpack("C*"), values, counted))
      replies.write(counted.pack("q<") + (items + values).pack("l<*"))
    else
      sort(items, &by_asking(replies))
      replies.write([-1, -1, *items].pack("l<*"))
    end
  end
  replies.flush
end
