/*
 * Pasted texts with arenas of every size: each gives what it gives with enough memory, the network
 * or the error, or says that memory is out. The texts are all that tests of pastes have: snippets,
 * seeds of the fuzzer, here-documents of the sessions.
 */
#include <dirent.h>

#include "support.h"

enum {
    MOST = 1 << 24,
    STEP = 32, /* hardly anything takes less */
    SIZES = 40 /* so many arenas for each text */
};

static _Alignas(16) unsigned char memory[MOST];
static int failed, texts, refused;

typedef struct outcome {
    bool done;
    const char *id; /* of the error */
    int32_t code, layers, mismatches, remarks;
    cnn_span span;
    int64_t params, macs;
} outcome;

static outcome read_within(size_t size, cnn_text text, cnn_text input, cnn_arena *left)
{
    cnn_text inputs[4];
    int32_t count = 0;
    for (cnn_text rest = input; rest.size > 0 && count < 4;) {
        const char *comma = memchr(rest.data, ',', rest.size);
        const size_t used = comma == NULL ? rest.size : (size_t)(comma - rest.data);
        inputs[count++] = (cnn_text){rest.data, used};
        rest.data += comma == NULL ? used : used + 1;
        rest.size -= comma == NULL ? used : used + 1;
    }
    const bool named = count > 0 && memchr(input.data, '=', input.size) != NULL;
    const cnn_settings settings = {.input = named ? (cnn_text){0} : input,
                                   .inputs = named ? inputs : NULL,
                                   .input_count = named ? count : 0};
    cnn_arena arena = cnn_arena_over(memory, size);
    cnn_error err = {0};
    cnn_network net = {0};
    const bool done = cnn_paste_read(&arena, text, &settings, &net, &err);
    outcome o = {.done = done, .id = cnn_error_id(&err), .code = err.code, .span = err.span};
    if (done) {
        o.layers = net.layer_count;
        o.mismatches = net.pasted->mismatch_count;
        o.params = net.totals.params;
        o.macs = net.totals.macs;
        for (const cnn_remark *r = net.pasted->remarks; r != NULL; r = r->next) {
            o.remarks++;
        }
    }
    *left = arena;
    return o;
}

static bool same(const outcome *a, const outcome *b)
{
    return a->done == b->done && a->code == b->code && a->layers == b->layers &&
           a->mismatches == b->mismatches && a->remarks == b->remarks && a->params == b->params &&
           a->macs == b->macs && a->span.begin == b->span.begin && a->span.end == b->span.end;
}

/* The smallest arena with which this text gives the same: found by bisection. */
static size_t need_of(cnn_text text, cnn_text input, const outcome *want)
{
    size_t low = 0, high = MOST / STEP;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        cnn_arena left;
        const outcome o = read_within(middle * STEP, text, input, &left);
        if (same(&o, want)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return high * STEP;
}

static void try_text(const char *name, cnn_text text, cnn_text input)
{
    cnn_arena left;
    const outcome want = read_within(MOST, text, input, &left);
    const size_t need = need_of(text, input, &want);
    const size_t step = need / SIZES / STEP * STEP + STEP;
    texts++;
    refused += !want.done;
    for (size_t size = 0; size < need; size += step) {
        const outcome o = read_within(size, text, input, &left);
        EXPECT(failed, same(&o, &want) || (!o.done && o.code == CNN_OUT_OF_MEMORY),
               "%s with %zu bytes: code %d at %u, params %lld", name, size, (int)o.code,
               (unsigned)o.span.begin, (long long)o.params);
        if (failed > 20) {
            return;
        }
    }
}

/* "#### name input", then the text, up to the next such line. */
static void test_snippets(void **state)
{
    (void)state;
    static const char *const files[] = {"pytorch", "keras", "other"};
    for (size_t i = 0; i < LENGTH(files); i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/../paste/%s.txt", TEST_DATA, files[i]);
        char *all = slurp(path);
        for (char *at = strstr(all, "#### "); at != NULL;) {
            char *line = at + 5, *end = strchr(line, '\n');
            assert_non_null(end);
            *end = '\0';
            char *next = strstr(end + 1, "\n#### ");
            const char *size = strchr(line, ' ');
            const cnn_text text = {end + 1, next == NULL ? strlen(end + 1) : (size_t)(next - end)};
            try_text(line, text, size == NULL ? (cnn_text){0} : view(size + 1));
            at = next == NULL ? NULL : next + 1;
        }
        free(all);
    }
    assert_int_equal(failed, 0);
}

/* What stands in quotes after -l, and lines that begin with "> " after "$ cnncalc ... <<". */
static void try_session(const char *path)
{
    char *all = slurp(path), *text = malloc(strlen(all) + 1);
    assert_non_null(text);
    size_t used = 0;
    bool within = false;
    for (char *line = all; line != NULL;) {
        char *end = strchr(line, '\n');
        const size_t size = end == NULL ? strlen(line) : (size_t)(end - line);
        if (within && size > 1 && line[0] == '>' && !(size == 3 && line[2] == '.')) {
            memcpy(text + used, line + 2, size - 2);
            used += size - 1;
            text[used - 1] = '\n';
        } else if (within) {
            try_text(path, (cnn_text){text, used}, view("3x32x32"));
            within = false;
        }
        if (size > 2 && line[0] == '$') {
            const char *here = strstr(line, "<<"), *quoted = strstr(line, "-l '");
            within = here != NULL && here < line + size;
            used = 0;
            if (quoted != NULL && quoted < line + size) {
                const cnn_text list = {quoted + 4, strcspn(quoted + 4, "'")};
                try_text(path, list, view("3x32x32"));
            }
        }
        line = end == NULL ? NULL : end + 1;
    }
    free(text);
    free(all);
}

/* Calls `try` with each file of a folder whose name begins so. */
static void each_file(const char *folder, const char *prefix, void (*try)(const char *path))
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    int count = 0;
    for (const struct dirent *e = readdir(entries); e != NULL; e = readdir(entries)) {
        if (e->d_name[0] != '.' && strncmp(e->d_name, prefix, strlen(prefix)) == 0) {
            char path[2048];
            snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
            try(path);
            count++;
        }
    }
    closedir(entries);
    assert_true(count > 1);
}

static void test_sessions(void **state)
{
    (void)state;
    each_file(TEST_DATA "/../cli", "pasted_", try_session);
    assert_int_equal(failed, 0);
}

static void try_seed(const char *path)
{
    char *text = slurp(path);
    try_text(path, view(text), view("3x32x32"));
    free(text);
}

static void test_seeds(void **state)
{
    (void)state;
    each_file(TEST_DATA "/../fuzz/corpus/paste", "", try_seed);
    assert_int_equal(failed, 0);
    assert_true(texts > 150 && refused > 10);
}

/* ---- texts that end too early ---- */

/* Whatever is left of a text: it is read to its end, and errors lie within it. */
static void try_cut(cnn_text text, cnn_text from)
{
    char *copy = malloc(text.size + 1); /* as long as the text, so that a byte more is noticed */
    assert_non_null(copy);
    memcpy(copy + 1, text.data, text.size);
    cnn_arena arena = cnn_arena_over(memory, MOST);
    const cnn_settings settings = {.input = view("3x16x16"), .from = from};
    cnn_error err = {0};
    cnn_network net = {0};
    const cnn_text cut = {copy + 1, text.size};
    const bool done = cnn_paste_read(&arena, cut, &settings, &net, &err);
    EXPECT(failed, done == (err.code == CNN_OK), "%.*s", (int)text.size, text.data);
    EXPECT(failed, done || err.source != CNN_SOURCE_LAYERS || err.span.end <= text.size,
           "%.*s: place %u", (int)text.size, text.data, (unsigned)err.span.end);
    free(copy);
}

static void test_cuts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *from;
    } rows[] = {
        {"Net(\n  (a): Conv2d(3, 8, kernel_size=(3, 3), bias=False)\n  (b): ModuleList(\n"
         "    (0-1): 2 x Sequential(\n      (0): ReLU(inplace=True)\n    )\n  )\n)\n",
         "pytorch-print"},
        {"\t ; # x\n[net]\nwidth = 8 # x\nheight=8\t;\nchannels=3\n\n[conv]\nfilters=2\n[route]\n"
         "layers=-1, 0\n",
         "darknet"},
        {"name: 'x' # y\ninput: \"a\"\ninput_shape { dim: 1, dim: 3; dim: 8 dim: 8 }\n"
         "layer { type: \"ReLU\" bottom: \"a\" relu_param: { negative_slope: 0.1 } }\r\n",
         "prototxt"},
        {"1x28x28-20C5x3-MP2-(4C1-AP2)_2-(2C1)^2-150N-10FC", "mcdnn"},
        {"cfg = [8, 'M',\n 16, \"M\"]  # small", "torchvision"},
        {"'D': (8, 'M', 16),", "torchvision"},
        {" {\"class_name\": \"Sequential\", \"config\": [{\"class_name\": \"Dense\", \"config\": "
         "{\"units\": 4, \"batch_input_shape\": [null, 6]}}]}",
         "keras-json"},
        {"Model: \"sequential\"\n____\n Layer (type)  Output Shape  Param #\n===\n"
         " conv2d (Conv2D)  (None, 8, 8, 4)  1,112\n re (ReLU)  [(None, 8, 8, 4)]  0  ['conv2d']\n"
         "Total params: 1,112 (4.3 KB)\nTrainable params: 1,112\n",
         "summary"},
        {"Layer (type:depth-idx)  Output Shape  Param #\nSequential [1, 2] --\n"
         "\xE2\x94\x9C\xE2\x94\x80"
         "Conv2d: 1-1 [1, 6, 4, 4] 156 \xE2\x94\x82\nTotal params: 156\n",
         "summary"},
        {"```\n>>> # x\n\n\tclass\tNet(nn.Module, ):\r\n  'doc'\n  def __init__(self, n=4, *a, "
         "**k): "
         "super().__init__(); self.c = nn.Conv2d(3, n, 3, bias=not True)\n"
         "  @property\n  def forward(self, x, /, y: int=2) -> int:\n    for i, (a, b) in x[1:2, "
         "..., "
         "None]: x = [*a, {'k': -1.5e-3, **b}]\n    while a <= 2 and b is not None or a not in b: "
         "x "
         "**= 3\n    return f'{a!r:>4}{b}' % (1,) if x else lambda t, *u: t @ x.y(z=1)\n",
         "python"},
        {"In [3]: net\\_a = nn.Sequential(nn.Conv2d(3, \\\n   4, 3), nn.ReLU())  # \xC2\xA0&nbsp;\n"
         "```",
         "python"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (size_t size = 0; size <= strlen(rows[i].text); size++) {
            try_cut((cnn_text){rows[i].text, size}, (cnn_text){0});
            try_cut((cnn_text){rows[i].text, size}, view(rows[i].from));
            (void)cnn_summary_recognise((cnn_text){rows[i].text, size});
        }
    }
    assert_int_equal(failed, 0);
}

/* ---- steps and depths ---- */

/* Fewer and fewer steps are left for a text: the same as ever, or too many steps. */
static void test_steps(void **state)
{
    (void)state;
    static const char *const names[] = {
        "lists-made ",         "dicts ",         "strings ", "modules-listed ",
        "sequence-of-values ", "looks-at-types "};
    char path[1024];
    static char text[1 << 14];
    snprintf(path, sizeof path, "%s/../paste/pytorch.txt", TEST_DATA);
    char *all = slurp(path);
    for (size_t i = 0; i < LENGTH(names); i++) {
        const char *body = strchr(strstr(all, names[i]), '\n');
        const int size = (int)(strstr(body, "\n#### ") - body);
        int refusals = 0;
        for (int left = 0; left < 6000; left += left < 2000 ? 11 : 97) {
            cnn_arena rest;
            snprintf(text, sizeof text, "[] * %d%.*s\n", 999990 - left, size, body);
            const outcome o = read_within(MOST, view(text), view("8x16x16"), &rest);
            const bool steps = strcmp(o.id, "paste-steps") == 0;
            EXPECT(failed, steps || refusals > 0, "%s with %d steps", names[i], left);
            refusals += steps;
        }
        assert_true(refusals > 3);
    }
    free(all);
    assert_int_equal(failed, 0);
}

/* What may be nested, more deeply than it may be. */
static void test_depths(void **state)
{
    (void)state;
    static const struct {
        const char *before, *open, *middle, *close, *after, *id;
        int times;
    } rows[] = {
        {"nn.Conv2d(3, ", "(", "4", ")", ", 3)", "nesting", 300},
        {"nn.Conv2d(3, ", "[", "4", "][0]", ", 3)", "nesting", 300},
        {"nn.Conv2d(3, ", "-", "4", "", ", 3)", "nesting", 300},
        {"nn.Conv2d(3, ", "not ", "4", "", ", 3)", "nesting", 300},
        {"nn.Conv2d(3, ", "1 ** ", "4", "", ", 3)", "nesting", 300},
        {"nn.Conv2d(3, ", "4 if 1 else ", "4", "", ", 3)", "nesting", 300},
        {"nn.Conv2d(3, (", "lambda: ", "4", "", ")(), 3)", "nesting", 300},
        {"nn.Conv2d(3, 4", " + 0", "", "", ", 3)", "paste-calls", 1500},
        {"nn.Conv2d(3, a", ".b", "", "", ", 3)", "paste-calls", 1500},
        {"m = nn.ReLU()\n", "m = nn.Sequential(m)\n", "", "", "", "ok", 300},
        {"name: \"x\" ", "a { ", "", "} ", "", "paste-prototxt", 300},
        {"1x9x9-", "(", "2C1", ")", "", "paste-list", 300},
        {"Net(\n", "(a): Sequential(\n", "(b): ReLU()\n", ")\n", ")\n", "nesting", 300},
        {"{\"a\": ", "[", "1", "]", "}", "nesting", 300},
        {"nn.ReLU()\n", "if f(1):\n", "x", "", "\n", "ok", 300},
    };
    static char text[1 << 16];
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_arena arena = cnn_arena_over(memory, MOST);
        cnn_error err = {0};
        cnn_network net = {0};
        strcpy(text, rows[i].before);
        char *end = text + strlen(text);
        for (int k = 0; k < rows[i].times; k++, end += strlen(end)) {
            strcpy(end, rows[i].open);
        }
        strcpy(end, rows[i].middle);
        end += strlen(end);
        for (int k = 0; k < rows[i].times; k++, end += strlen(end)) {
            strcpy(end, rows[i].close);
        }
        strcpy(end, rows[i].after);
        (void)cnn_paste_read(&arena, view(text), &(cnn_settings){.input = view("3x8x8")}, &net,
                             &err);
        EXPECT(failed, strcmp(cnn_error_id(&err), rows[i].id) == 0, "row %zu: %s", i,
               cnn_error_id(&err));
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),     cmocka_unit_test(test_steps),
        cmocka_unit_test(test_depths),   cmocka_unit_test(test_snippets),
        cmocka_unit_test(test_sessions), cmocka_unit_test(test_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
