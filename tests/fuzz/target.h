/* What the fuzz targets share: promises, output that is collected, and errors that can be told. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Output in memory; what does not fit is refused. */
typedef struct collected {
    char *data;
    size_t room;
    size_t size;
} collected;

static inline bool collect(void *user, const char *data, size_t size)
{
    collected *to = user;
    if (size > to->room - to->size) {
        return false;
    }
    memcpy(to->data + to->size, data, size);
    to->size += size;
    return true;
}

/* A writer into `to`, which is emptied. */
static inline cnn_writer collect_anew(collected *to)
{
    to->size = 0;
    return (cnn_writer){collect, to};
}

/* The error lies within the text, and its message can be written. */
static inline void require_told(const cnn_error *err, cnn_text text, collected *written)
{
    cnn_writer to = collect_anew(written);
    require(err->code != CNN_OK);
    require(err->span.begin <= err->span.end && err->span.end <= text.size);
    require(cnn_error_write(err, text, (cnn_text){"-", 1}, &to));
    require(written->size > 0 && written->data[written->size - 1] == '\n');
}

#ifdef CNN_REPLAY
enum { REPLAY = 1 };
#else
enum { REPLAY = 0 };
#endif

/* Does with an input one of `count` things, by its bytes, where all of them would take long. A
 * replay does all. */
static inline void take_one(const uint8_t *data, size_t size, unsigned count,
                            void (*take)(cnn_text text, unsigned choice))
{
    const cnn_text text = {(const char *)data, size};
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++) {
        sum = (sum ^ data[i]) * 0x01000193u; /* FNV */
    }
    if (!REPLAY) {
        take(text, (sum >> 16) % count);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        take(text, i);
    }
}

/* A network that is read once, for all inputs: it stands at both ends of its memory. */
typedef struct standing {
    cnn_network net; /* no layers: it is to be read */
    cnn_arena rest;  /* the memory between */
} standing;

static inline void stand(standing *s, void *memory, size_t size, cnn_text input, cnn_text layers)
{
    if (s->net.layer_count == 0) {
        const cnn_settings settings = {.input = input};
        cnn_error err = {0};
        s->rest = cnn_arena_over(memory, size);
        require(cnn_network_read(&s->rest, layers, &settings, &s->net, &err));
    }
}

/* For a call that writes nothing when it fails. */
static inline void require_answer(bool done, const cnn_error *err, cnn_text text,
                                  collected *written)
{
    require(done == (err->code == CNN_OK));
    if (!done && err->code != CNN_OUT_OF_MEMORY && err->code != CNN_WRITE_FAILED) {
        require(written->size == 0);
        require_told(err, text, written);
    }
}

static inline void require_same(const collected *a, const collected *b)
{
    require(a->size == b->size && memcmp(a->data, b->data, a->size) == 0);
}

#endif
