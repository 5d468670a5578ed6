/*
 * Any bytes as pasted text. Besides what the sanitizers watch: an error lies within the text and
 * can be told; totals are the sums of the layers; what is repaired is read again.
 */
#include "target.h"

enum { MEMORY = 1 << 24, TEXT = 1 << 21 };

static _Alignas(16) unsigned char memory[MEMORY];
static char room[TEXT];
static collected written = {room, TEXT, 0};

static void check_totals(const cnn_network *net)
{
    int64_t params = 0, macs = 0;
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        require(layer->weights >= 0 && layer->biases >= 0 && layer->macs >= 0);
        params += layer->weights + layer->biases;
        macs += layer->macs;
    }
    require(params == net->totals.params && macs == net->totals.macs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const cnn_text text = {(const char *)data, size};
    const cnn_settings settings = {.input = {"3x32x32", 7}};
    cnn_arena arena = cnn_arena_over(memory, MEMORY);
    cnn_network net = {0};
    cnn_error err = {0};
    if (!cnn_paste_recognise(text)) {
        return 0;
    }
    if (!cnn_paste_read(&arena, text, &settings, &net, &err)) {
        if (err.source == CNN_SOURCE_LAYERS) {
            require_told(&err, text, &written);
        }
        return 0;
    }
    require(err.code == CNN_OK);
    require(net.output >= 0 && net.output < net.layer_count);
    check_totals(&net);
    cnn_writer to = collect_anew(&written);
    require(cnn_mismatches_write(&net, &to) || written.size > 0);
    to = collect_anew(&written);
    require(cnn_paste_fix_write(&net, &to));
    require(net.pasted->edits != NULL ||
            (written.size == size && memcmp(written.data, data, size) == 0));
    return 0;
}
