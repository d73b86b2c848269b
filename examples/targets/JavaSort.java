// Arrays.sort of Java, with a Comparator, as a target of Worstsort, and all that another sort in Java needs: put it into
// sort.
//
//   worstsort check --target "cmd: java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 JavaSort.java" --sizes 1000,4000
//
// The options are for a start in half the time, which counts as it is started again and again.
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;

public class JavaSort {
    /** Sorts items: the comparator is negative if a belongs before b, positive if b before a, and else 0. */
    static void sort(Integer[] items, Comparator<Integer> comparator) {
        Arrays.sort(items, comparator);
    }

    private static final DataInputStream REQUESTS = new DataInputStream(System.in);
    private static final OutputStream REPLIES = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));

    private static class ByValues implements Comparator<Integer> {
        final int[] values;
        long counted;

        ByValues(int[] values) {
            this.values = values;
        }

        public int compare(Integer a, Integer b) {
            counted++;
            return Integer.compare(values[a], values[b]);
        }
    }

    /** M. D. McIlroy's adversary, which gives items values (-1: none yet) when it has to, as the genes say. */
    private static class ByDecisions implements Comparator<Integer> {
        final byte[] genes;
        final int[] values;
        long counted;
        int candidate, low, high, asked;

        ByDecisions(byte[] genes, int size) {
            this.genes = genes;
            values = new int[size];
            Arrays.fill(values, -1);
            high = size - 1;
        }

        public int compare(Integer a, Integer b) {
            counted++;
            if (a.equals(b)) return 0;
            if (values[a] < 0 && values[b] < 0) {
                int gene = asked < genes.length ? genes[asked] : 0;
                asked++;
                boolean isFirst = (candidate == a) != ((gene & 1) != 0);
                values[isFirst ? a : b] = (gene & 2) != 0 ? high-- : low++;
                candidate = isFirst ? b : a;
            }
            int x = values[a], y = values[b];
            if (x < 0) {
                candidate = a;
                return y > high ? -1 : 1;
            }
            if (y < 0) {
                candidate = b;
                return x < low ? -1 : 1;
            }
            return Integer.compare(x, y);
        }
    }

    private static int byAsking(int a, int b) {
        try {
            write(a, b);
            REPLIES.flush();
            return REQUESTS.readByte();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static int[] read(int count) throws IOException {
        int[] numbers = new int[count];
        bytes(REQUESTS.readNBytes(4 * count)).asIntBuffer().get(numbers);
        return numbers;
    }

    private static void write(int... numbers) throws IOException {
        ByteBuffer buffer = bytes(new byte[4 * numbers.length]);
        buffer.asIntBuffer().put(numbers);
        REPLIES.write(buffer.array());
    }

    private static void write(long counted, Integer[] items) throws IOException {
        REPLIES.write(bytes(new byte[8]).putLong(counted).array());
        write(plain(items));
    }

    private static int[] plain(Integer[] items) {
        return Arrays.stream(items).mapToInt(Integer::intValue).toArray();
    }

    private static ByteBuffer bytes(byte[] array) {
        return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static void main(String[] arguments) throws IOException {
        System.setOut(System.err); // what the sort prints must not get among the replies
        REPLIES.write(("worstsort 1 Java " + Runtime.version() + " Arrays.sort\n").getBytes());
        REPLIES.flush();
        for (byte[] header; (header = REQUESTS.readNBytes(16)).length == 16; REPLIES.flush()) {
            ByteBuffer asked = bytes(header);
            int mode = asked.getInt(), size = asked.getInt(), rows = asked.getInt(), genes = asked.getInt();
            for (int row = 0; row < rows; row++) {
                Integer[] items = new Integer[size];
                Arrays.setAll(items, item -> item);
                if (mode == 0) {
                    ByValues comparator = new ByValues(read(size));
                    sort(items, comparator);
                    write(comparator.counted, items);
                } else if (mode == 1) {
                    ByDecisions comparator = new ByDecisions(REQUESTS.readNBytes(genes), size);
                    sort(items, comparator);
                    write(comparator.counted, items);
                    write(comparator.values);
                } else {
                    sort(items, JavaSort::byAsking);
                    write(-1, -1);
                    write(plain(items));
                }
            }
        }
    }
}
