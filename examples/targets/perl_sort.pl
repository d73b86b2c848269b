# sort of Perl as a target of Worstsort, and all that another sort in Perl needs: put it into sorted.
#
#   worstsort check --target "cmd: perl perl_sort.pl" --sizes 1000,4000
use strict;
use warnings;

# The comparison is negative if its first item belongs before the second, positive if after it, and else 0.
sub sorted {
    my ($compare, @items) = @_;
    return sort { $compare->($a, $b) } @items;
}

sub by_values {
    my ($values, $counted) = @_;
    return sub {
        my ($first, $second) = @_;
        $$counted++;
        return $values->[$first] - $values->[$second];
    };
}

# M. D. McIlroy's adversary, which gives items values (-1: none yet) when it has to, as the genes say.
sub by_decisions {
    my ($genes, $values, $counted) = @_;
    my ($candidate, $low, $high, $asked) = (0, 0, $#$values, 0);
    return sub {
        my ($first, $second) = @_;
        $$counted++;
        return 0 if $first == $second;
        if ($values->[$first] < 0 && $values->[$second] < 0) {
            my $gene = $genes->[$asked++] // 0;
            my $freezes_first = ($candidate == $first) != (($gene & 1) == 1);
            (my $frozen, $candidate) = $freezes_first ? ($first, $second) : ($second, $first);
            $values->[$frozen] = $gene & 2 ? $high-- : $low++;
        }
        my ($x, $y) = ($values->[$first], $values->[$second]);
        if ($x < 0) { $candidate = $first; return $y > $high ? -1 : 1; }
        if ($y < 0) { $candidate = $second; return $x < $low ? -1 : 1; }
        return $x - $y;
    };
}

sub get {
    my ($length) = @_;
    my ($bytes, $got) = ('', 0);
    while (length($bytes) < $length) {
        $got = read(STDIN, $bytes, $length - length($bytes), length($bytes));
        exit 0 unless $got;
    }
    return $bytes;
}

binmode STDIN;
open(my $replies, '>&', \*STDOUT) or die;
binmode $replies;
select((select($replies), $| = 1)[0]);
open(STDOUT, '>&', \*STDERR) or die;    # what the sort prints must not get among the replies
print $replies sprintf("worstsort 1 Perl %vd sort\n", $^V);
while (1) {
    my ($mode, $size, $rows, $length) = unpack('l<4', get(16));
    my $replied = '';
    for (1 .. $rows) {
        my @items = (0 .. $size - 1);
        my $counted = 0;
        if ($mode == 0) {
            my @values = unpack('l<*', get(4 * $size));
            @items = sorted(by_values(\@values, \$counted), @items);
            $replied .= pack('q<', $counted) . pack('l<*', @items);
        }
        elsif ($mode == 1) {
            my @genes = unpack('C*', get($length));
            my @values = (-1) x $size;
            @items = sorted(by_decisions(\@genes, \@values, \$counted), @items);
            $replied .= pack('q<', $counted) . pack('l<*', @items, @values);
        }
        else {
            @items = sorted(sub { print $replies pack('l<2', @_); return unpack('c', get(1)); }, @items);
            $replied .= pack('l<*', -1, -1, @items);
        }
    }
    print $replies $replied;
}
