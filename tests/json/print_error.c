/* Prints the JSON of the error that a list has: cnn_error_write_json is for programs like this. */
#include <stdio.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

static bool write_out(void *user, const char *data, size_t size)
{
    (void)user;
    return fwrite(data, 1, size, stdout) == size;
}

int main(int count, char **words)
{
    static unsigned char memory[1 << 20];
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_writer to = {write_out, NULL};
    cnn_network net;
    cnn_error err = {0};
    if (count < 2) {
        return 2;
    }
    const cnn_text list = {words[1], strlen(words[1])};
    const cnn_text input = {count > 2 ? words[2] : NULL, count > 2 ? strlen(words[2]) : 0};
    const cnn_settings settings = {.input = input};
    if (cnn_network_read(&arena, list, &settings, &net, &err)) {
        return 1;
    }
    return cnn_error_write_json(&err, err.source == CNN_SOURCE_INPUT ? input : list, &to) ? 0 : 3;
}
