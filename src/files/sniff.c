/* Magic numbers, and how a model in protocol buffers differs from a text. */
#include "files/sniff.h"

#include <string.h>

typedef struct magic {
    const char *bytes;
    size_t size;
    size_t at;
    cnn_other_file file;
} magic;

#define BYTES(string) string, sizeof(string) - 1

#define FROM_TORCH "in PyTorch: torch.onnx.export(model, example, 'model.onnx')"
#define FROM_KERAS "in Keras: model.export('model.onnx', format='onnx')"

static const magic magics[] = {
    {BYTES("PK\3\4"), 0, {"a zip archive, as .pt, .keras and .npz files are", FROM_TORCH}},
    {BYTES("\x89HDF\r\n\x1a\n"), 0, {"an HDF5 file, as .h5 files are", FROM_KERAS}},
    {BYTES("\x1f\x8b"), 0, {"compressed with gzip", "unpack it with gunzip first"}},
    {BYTES("TFL3"), 4, {"a TensorFlow Lite model", "python -m tf2onnx.convert --tflite FILE"}},
    {BYTES("\x80\2"), 0, {"a Python pickle, as old .pth files are", FROM_TORCH}},
    {BYTES("\x80\3"), 0, {"a Python pickle", FROM_TORCH}},
    {BYTES("\x80\4"), 0, {"a Python pickle", FROM_TORCH}},
    {BYTES("\x80\5"), 0, {"a Python pickle", FROM_TORCH}},
};

const cnn_other_file *cnn_file_other(cnn_text bytes)
{
    for (size_t i = 0; i < CNN_LENGTH(magics); i++) {
        const magic *m = &magics[i];
        if (bytes.size >= m->at + m->size && memcmp(bytes.data + m->at, m->bytes, m->size) == 0) {
            return &m->file;
        }
    }
    return NULL;
}

/* The tags that a model's first field may have, of one byte. */
static bool is_model_tag(char c)
{
    static const char tags[] = {0x08, 0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42, 0x72};
    return memchr(tags, c, sizeof tags) != NULL;
}

/* Bytes that no text has: below a tab, or between line ends and a blank. */
static bool is_binary(char c)
{
    const unsigned char u = (unsigned char)c;
    return u < '\t' || (u > '\r' && u < ' ');
}

/* A text in UTF-16, which has a zero in every other byte; the reader of lists refuses it. */
static bool is_wide_text(cnn_text bytes)
{
    return bytes.size >= 2 &&
           (memcmp(bytes.data, "\xFF\xFE", 2) == 0 || memcmp(bytes.data, "\xFE\xFF", 2) == 0);
}

bool cnn_model_begins(cnn_text bytes)
{
    enum { LOOKED_AT = 64, MANY = 3 };
    if (cnn_file_other(bytes) != NULL) {
        return true;
    }
    if (is_wide_text(bytes)) {
        return false;
    }
    int binary = 0;
    for (size_t i = 0; i < bytes.size && i < LOOKED_AT; i++) {
        binary += is_binary(bytes.data[i]);
    }
    return binary >= MANY || (binary > 1 && is_model_tag(bytes.data[0]));
}
