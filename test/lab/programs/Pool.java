import java.io.RandomAccessFile;
import java.util.concurrent.Executors;

/** A pool of threads that each write a file of their own, while the main thread waits: FOLDER THREADS MEGABYTES. */
public class Pool {
    public static void main(String[] args) throws Exception {
        int threads = Integer.parseInt(args[1]);
        int megabytes = Integer.parseInt(args[2]);
        var pool = Executors.newFixedThreadPool(threads);
        for (int worker = 0; worker < threads; worker++) {
            String path = args[0] + "/segment-" + worker;
            pool.submit(() -> {
                byte[] block = new byte[1 << 20];
                try (var file = new RandomAccessFile(path, "rw")) {
                    for (int written = 0; ; written = (written + 1) % megabytes) {
                        file.seek((long) written << 20);
                        file.write(block);
                    }
                }
            });
        }
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }
}
