/*
 * Receptive fields: known networks, textbook cases, and brute force, which writes down for every
 * position of a chain the input positions that reach it.
 */
#include "support.h"

#include "measure/field.h"

/* A list, and the field of its output. */
typedef struct field_row {
    const char *input, *layers;
    int64_t size, jump_num, jump_den, start_num, start_den;
} field_row;

static int64_t effort; /* nobody asks for it here */

/* Room for every list of positions that is followed. */
static cnn_arena large_arena(void)
{
    static unsigned char memory[1 << 24];
    return cnn_arena_over(memory, sizeof memory);
}

static cnn_field field_of(reading *r, int32_t layer)
{
    cnn_error err = {0};
    cnn_arena arena = large_arena();
    const cnn_field *fields = cnn_network_fields(&r->net, &arena, &effort, &err);
    assert_non_null(fields);
    return fields[layer];
}

static void check(const field_row *row, const cnn_field *field)
{
    for (int axis = 0; axis < 2; axis++) {
        const cnn_fraction jump = field->jump[axis], start = field->start[axis];
        if (field->size[axis] != row->size || jump.num != row->jump_num ||
            jump.den != row->jump_den || start.num != row->start_num ||
            start.den != row->start_den) {
            fail_msg("%s, axis %d: size %lld, jump %lld/%lld, start %lld/%lld", row->layers, axis,
                     (long long)field->size[axis], (long long)jump.num, (long long)jump.den,
                     (long long)start.num, (long long)start.den);
        }
    }
}

/* The rows of a table; whether what each position sees is followed up to the output. */
static void check_rows(const field_row *rows, size_t count, bool followed)
{
    for (size_t i = 0; i < count; i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        assert_true(r.done);
        const cnn_field field = field_of(&r, r.net.output);
        check(&rows[i], &field);
        assert_int_equal(followed, field.sight[0] != NULL);
        reading_free(&r);
    }
}

static void textbook_cases(void **state)
{
    (void)state;
    static const field_row rows[] = {
        {"3x9x9", "id", 1, 1, 1, 1, 2},
        {"3x9x9", "conv3-4", 3, 1, 1, 1, 2},    /* the first field is centred on the first pixel */
        {"3x9x9", "conv3-4 p0", 3, 1, 1, 3, 2}, /* pixels 0, 1, 2 */
        {"3x9x9", "conv3-4,conv3-4", 5, 1, 1, 1,
         2},                                   /* Simonyan & Zisserman 2015: two 3x3 are 5x5 */
        {"3x9x9", "3*conv3-4", 7, 1, 1, 1, 2}, /* and three 7x7 */
        {"3x9x9", "maxpool", 2, 2, 1, 1, 1},
        {"3x9x9", "maxpool,conv3-4", 6, 2, 1, 1, 1},                           /* 2 + (3 - 1) * 2 */
        {"3x32x32", "conv5-6 p0,maxpool,conv5-16 p0,maxpool", 16, 4, 1, 8, 1}, /* LeNet-5 */
        /* Yu & Koltun 2016, figure 1: dilations 1, 2, 4 see 3, 7, 15 */
        {"3x32x32", "conv3-4,conv3-4 d2", 7, 1, 1, 1, 2},
        {"3x32x32", "conv3-4,conv3-4 d2,conv3-4 d4", 15, 1, 1, 1, 2},
        {"3x32x32", "conv3-4 d2 p0", 5, 1, 1, 5, 2},
        /* each output of a 2x2 transposed convolution of stride 2 has one input position; the
         * first sees pixel 0, whose middle is at 1/2 */
        {"3x8x8", "deconv2-4 s2", 1, 1, 2, 1, 2},
        {"3x8x8", "deconv2-4 s3", 1, 1, 3, 1, 2},
        {"3x8x8", "maxpool,deconv2-4 s2", 2, 1, 1, 1, 1},
        {"3x8x8", "upsample2", 1, 1, 2, 1, 2},
        {"3x8x8", "deconv1-4 s3,maxpool2/1", 1, 1, 3, 1,
         2},                                         /* of two neighbours one sees nothing */
        {"3x8x8", "deconv1-4 s3 p1", 1, 1, 3, 3, 2}, /* pixel 0 is cut, the third sees pixel 1 */
        /* interpolation looks at two pixels, but at the border at one */
        {"3x8x8", "resize16", 2, 1, 2, 1, 2},
        {"3x8x8", "resize4", 2, 2, 1, 1, 1}, /* at 0.5, 2.5 ... */
        {"3x9x9", "resize3", 1, 3, 1, 3, 2}, /* at 1, 4, 7 */
        {"3x8x8", "resize8", 1, 1, 1, 1, 2},
        {"3x1x1", "resize5", 1, 1, 5, 1, 2},
        /* position 2 sees 1, 2, 3 of the 16, that is pixels 0 to 2; position 0 sees -1, 0, 1, and
         * the first of these, in the padding, is between pixels -1 and 0 */
        {"3x8x8", "resize16,conv3-1", 3, 1, 2, 1, 2},
        {"3x7x7", "gap", 7, 7, 1, 7, 2},
        {"3x8x8", "aap2", 4, 4, 1, 2, 1},
        {"3x7x7", "aap5", 3, 7, 5, 1, 1},   /* the third window is [floor(14/5), ceil(21/5)) */
        {"3x10x10", "aap4", 3, 5, 2, 3, 2}, /* all are [floor(5i/2), ceil(5i/2 + 5/2)) */
        {"3x8x8", "pad1", 1, 1, 1, -1, 2},
        {"3x8x8", "crop4", 1, 1, 1, 5, 2},
        {"3x7x7", "gap,conv3-4", 7, 7, 1, 7, 2}, /* beside it is nothing more to see */
        {"3x7x7", "aap1,conv3-4", 7, 7, 1, 7, 2},
        /* branches: their hull */
        {"3x8x8", "add(conv3-3|id)", 3, 1, 1, 1, 2},
        {"3x8x8", "add(id|conv3-3)", 3, 1, 1, 1, 2},
        {"3x8x8", "cat(conv1-2|conv3-2|conv5-2|conv3-2,conv3-2)", 5, 1, 1, 1, 2},
        {"3x8x8", "cat(conv5-2,maxpool|conv3-2 s2)", 6, 2, 1, 1, 1},
        {"3x8x8", "conv3-8,split(id|conv3-c)", 5, 1, 1, 1, 2},
        {"3x8x8", "conv3-8,cat(@input|conv3-4)", 5, 1, 1, 1, 2},
        /* -1 to 2: even kernels look to the right */
        {"3x8x8", "cat(conv2-1,conv2-1|conv3-1)", 4, 1, 1, 1, 1},
        {"3x8x8", "cat(conv3-1|conv2-1,conv2-1)", 4, 1, 1, 1, 1},
        {"3x8x8", "se-2", 8, 1, 1, 4, 1}, /* squeezing sees everything, from every place */
        {"3x8x8", "mul(id|gap),conv3-4", 9, 1, 1, 7, 2}, /* -1 to 7, or 0 to 8 */
        /* branches with different jumps: position 0 sees -4 to 0, position 7 10 to 11 and 7 */
        {"3x8x8", "cat(maxpool,pad2|id)", 5, 2, 1, -3, 2},
        {"3x8x8", "conv3-4,aux(conv5-4)", 3, 1, 1, 1, 2}, /* a head is beside the path */
        {"3x8x8", "gap,add(id|id)", 8, 8, 1, 4, 1},
        /* a product with a vector: every position sees all that made it, and the first one -1 */
        {"3x8x8", "mul(conv3-3|gap,flatten)", 9, 1, 1, 7, 2},
        {"3x8x8", "gap,flatten,reshape1x1x3,conv3-1 p1", 8, 8, 1, 4, 1},
    };
    check_rows(rows, LENGTH(rows), true);
}

/* Large numbers; and where positions differ and are too many, or too far out, the recurrence, which
 * gives means of the starts. */
static void large_fields(void **state)
{
    (void)state;
    static const field_row rows[] = {
        {"1x9000000x9000000", "maxpool1 s3000000", 1, 3000000, 1, 1, 2},
        {"1x9000000x9000000", "maxpool3000000/1", 3000000, 1, 1, 1500000, 1},
        {"1x9x9", "pad3000000", 1, 1, 1, 1 - 2 * 3000000, 2},
        {"1x9x9", "upsample300", 1, 1, 300, 1, 2},
        {"1x9x9", "upsample300,conv3-1", 2, 1, 300, 0, 1}, /* 1 + ceil(2/300); pixels -1 and 0 */
        {"1x9x9", "upsample200,upsample2,conv3-1", 2, 1, 400, 0, 1},
        {"1x8000000x8000000", "maxpool2000,maxpool2000", 4000000, 4000000, 1, 2000000, 1},
        {"1x8000000x8000000", "2*maxpool2000000/1", 3999999, 1, 1, 3999999, 2},
        {"1x8000000x8000000", "3*maxpool2000001/1 p1000000", 6000001, 1, 1, 1, 2},
        {"1x8000000x8000000", "2*maxpool1 s2000", 1, 4000000, 1, 1, 2},
        {"1x9x9", "pad1500000,maxpool2000001/1 p1000000", 2000001, 1, 1, -2999999, 2},
        {"1x8000000x8000000", "cat(conv2-1,conv2-1|conv3-1)", 4, 1, 1, 1, 1},
    };
    static const field_row means[] = {
        {"1x4000000x4000000", "upsample2,maxpool2000000/1", 1000001, 1, 2, 500000, 1},
        {"1x8000000x8000000", "aap2", 4000000, 4000000, 1, 2000000, 1},
        {"1x8000002x8000002", "aap4", 2000001, 4000001, 2, 2000001, 2}, /* 2000000.5 */
        {"1x9000x9000", "upsample256,maxpool1 s2097152", 1, 8192, 1, 1, 512},
        /* 2200000 = 8593*256 + 192 positions see parts of 8595 */
        {"1x9000x9000", "upsample256,maxpool2200000/1", 8595, 1, 256, 34375, 8},
        /* from the first position of the enlarged map, at 1/2, 2100001/2 back by 1/256 */
        {"1x9x9", "upsample256,conv2-1 d2199999 p2150000", 8595, 1, 256, -2099745, 512},
        /* joins of means: from 1/4 - 1 to 1/4 + 1, and from 1/2 - 3/2 to 1/2 + 3/2 */
        {"1x4000000x4000000", "upsample2,cat(conv3-1|conv4-1)", 3, 1, 2, 1, 2},
        /* from 1/4 - 1/2 at the first position; at the last one up to 1/4 + 7999999/2 + 1/2 */
        {"1x4000000x4000000", "mul(upsample2|gap)", 4000001, 1, 2, 15999999, 8},
    };
    check_rows(rows, LENGTH(rows), true);
    check_rows(means, LENGTH(means), false);
}

/* A network has room for 2^19 positions; then the recurrence goes on from what is known. */
static void too_many_positions(void **state)
{
    (void)state;
    reading r = read_list("1x4x4", "upsample256,400*maxpool3/1 same");
    assert_true(r.done);
    cnn_error err = {0};
    cnn_arena arena = large_arena();
    const cnn_field *fields = cnn_network_fields(&r.net, &arena, &effort, &err);
    assert_non_null(fields);
    int32_t known = 1, positions = 0;
    while (known < r.net.layer_count && fields[known].sight[0] != NULL) {
        /* 2k + 1 positions in a row see 1 + ceil(2k/256) pixels at most */
        const int32_t k = known - 1;
        assert_int_equal(fields[known].size[0], 1 + (2 * k + 255) / 256);
        positions += 2 * (1024 + 2 * (400 - k)); /* those that later layers look at */
        known++;
    }
    assert_true(known < r.net.layer_count);
    assert_true(positions < 1 << 19 && positions > (1 << 19) - 20000);
    assert_true(fields[known].size[0] >= fields[known - 1].size[0]);
    reading_free(&r);
}

static void known_networks(void **state)
{
    (void)state;
    /* VGG: 212 for D is in Araujo, Norris & Sim 2019, table 1; the others by the same sum.
     * AlexNet's 195 is there too. ResNet with its stride in the 3x3 convolutions by hand: 35, 91,
     * 267, 427. U-Net by the sets of positions of its longest chain, as in put_seen. */
    static const struct {
        const char *file, *kind; /* the last layer of this kind */
        int64_t size, jump;
    } rows[] = {
        {"vgg-a", "maxpool", 150, 32}, {"vgg-b", "maxpool", 156, 32},
        {"vgg-c", "maxpool", 156, 32}, {"vgg-d", "maxpool", 212, 32},
        {"vgg-e", "maxpool", 268, 32}, {"alexnet", "maxpool", 195, 32},
        {"resnet50", "add", 427, 32},  {"resnet18", "add", 435, 32},
        {"unet", "conv", 204, 1},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s.cnn", EXAMPLES, rows[i].file);
        char *text = slurp(path);
        reading r = read_list(NULL, text);
        assert_true(r.done);
        int32_t last = r.net.layer_count - 1;
        while (strcmp(cnn_op_name(r.net.layers[last].op), rows[i].kind) != 0) {
            last--;
        }
        const cnn_field field = field_of(&r, last);
        if (field.size[0] != rows[i].size || field.jump[0].num != rows[i].jump) {
            fail_msg("%s: %lld, %lld", rows[i].file, (long long)field.size[0],
                     (long long)field.jump[0].num);
        }
        reading_free(&r);
        free(text);
    }
}

static void different_jumps_are_noted(void **state)
{
    (void)state;
    static const struct {
        const char *layers;
        bool mixed;
    } rows[] = {
        {"add(conv3-3|id)", false},
        {"cat(maxpool|conv3-3 s2)", false},
        {"mul(id|gap)", false}, /* what is stretched has no jump */
        {"cat(maxpool,upsample2|id)", false},
        {"cat(gap,resize8|id)", false}, /* jump 8, then 8/8 */
        {"cat(maxpool2/1 same|resize8)", false},
        {"cat(maxpool,pad2|id)", true},
        {"cat(upsample2|upsample3,crop16)", true}, /* 1/2 and 1/3 */
        {"relu,aux(maxpool)", false},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("3x8x8", rows[i].layers);
        assert_true(r.done);
        const cnn_field field = field_of(&r, r.net.layer_count - 1);
        if (field.mixed != rows[i].mixed) {
            fail_msg("%s: mixed is %d", rows[i].layers, field.mixed);
        }
        reading_free(&r);
    }
}

/* ---- brute force ---- */

typedef enum kind { CONV, DECONV, UPSAMPLE, ADAPTIVE, RESIZE, KINDS } kind;

/* One axis of a layer: `k`, `s`, `p`, `d` of its window, or its sides. */
typedef struct axis {
    kind what;
    int k, s, p, d;
    int in, out;
} axis;

enum { LOW = -20000, HIGH = 20000, RANGE = HIGH - LOW };

/* A set of positions; the borders of a map do not count. */
typedef struct positions {
    bool has[RANGE];
    int first, last;
} positions;

static void clear(positions *set)
{
    memset(set->has, 0, sizeof set->has);
    set->first = HIGH;
    set->last = LOW;
}

static void put(positions *set, int at)
{
    assert_true(at >= LOW && at < HIGH);
    set->has[at - LOW] = true;
    set->first = at < set->first ? at : set->first;
    set->last = at > set->last ? at : set->last;
}

static int floor_of(int a, int b)
{
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

/* Adds what position `at` of the layer's output sees, by the definition of the layer. */
static void put_seen(const axis *l, int at, positions *seen)
{
    for (int tap = 0; tap < l->k && l->what == CONV; tap++) {
        put(seen, at * l->s - l->p + tap * l->d);
    }
    for (int tap = 0; tap < l->k && l->what == DECONV; tap++) {
        if ((at + l->p - tap * l->d) % l->s == 0) {
            put(seen, (at + l->p - tap * l->d) / l->s);
        }
    }
    if (l->what == UPSAMPLE) {
        put(seen, floor_of(at, l->s));
    }
    for (int i = 0; i < l->in && l->what == ADAPTIVE && l->out == 1; i++) {
        put(seen, i);
    }
    if (l->what == ADAPTIVE && l->out > 1) {
        const int end = -floor_of(-(at + 1) * l->in, l->out);
        for (int i = floor_of(at * l->in, l->out); i < end; i++) {
            put(seen, i);
        }
    }
    if (l->what == RESIZE) { /* between two positions; at the border on the outermost */
        const bool inside = at >= 0 && at < l->out;
        const int place = (2 * at + 1) * l->in - l->out;
        const int first = floor_of(place, 2 * l->out), last = -floor_of(-place, 2 * l->out);
        put(seen, inside && first < 0 ? 0 : first);
        put(seen, inside && last >= l->in ? l->in - 1 : last);
    }
}

/* The input's positions that a position of the last layer sees. */
static const positions *see(const axis *layers, int depth, int at)
{
    static positions sets[2];
    positions *now = &sets[0], *before = &sets[1];
    clear(now);
    put(now, at);
    for (int i = depth - 1; i >= 0; i--) {
        clear(before);
        for (int j = now->first; j <= now->last; j++) {
            if (now->has[j - LOW]) {
                put_seen(&layers[i], j, before);
            }
        }
        positions *other = now;
        now = before;
        before = other;
    }
    return now;
}

/* A small generator of its own, so that the cases are the same everywhere. */
static uint64_t seed = 1;

static int random_below(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

/* The text of a random layer on a side of `in`. */
static axis random_layer(kind what, int in, char *text, size_t size)
{
    const int s = 1 + random_below(3), d = 1 + random_below(3), k = 1 + random_below(5);
    axis l = {what, k, s, random_below(k), d, in, 0};
    if (what == UPSAMPLE) {
        snprintf(text, size, "upsample%dx1", s);
        l.out = in * s;
    } else if (what == CONV) {
        snprintf(text, size, "conv%dx1-1 s%dx1 p%dx0 d%dx1", k, s, l.p, d);
        l.out = in + 2 * l.p < d * (k - 1) + 1 ? 0 : (in + 2 * l.p - d * (k - 1) - 1) / s + 1;
    } else if (what == DECONV) {
        snprintf(text, size, "deconv%dx1-1 s%dx1 p%dx0 d%dx1", k, s, l.p, d);
        l.out = (in - 1) * s - 2 * l.p + d * (k - 1) + 1;
    } else {
        l.out = 1 + random_below(12);
        snprintf(text, size, "%s%dx1", what == ADAPTIVE ? "aap" : "resize", l.out);
    }
    return l;
}

/* A list of random layers on a side of 24; 0: there is none, for nothing is left of the side. */
static int random_list(kind kinds, axis *layers, char *list, size_t size)
{
    const int depth = 1 + random_below(5);
    int side = 24;
    list[0] = '\0';
    for (int i = 0; i < depth; i++) {
        const size_t used = strlen(list);
        snprintf(list + used, size - used, i > 0 ? "," : "");
        layers[i] = random_layer((kind)random_below((int)kinds), side, list + strlen(list),
                                 size - strlen(list));
        side = layers[i].out;
        if (side < 1 || side > 200) {
            return 0;
        }
    }
    return depth;
}

/* The most that a position sees, and the middle of what the first one sees; of convolutions, of
 * which all see as much, every middle. */
static void compare(const char *list, const axis *layers, int depth, bool alike)
{
    reading r = read_list("1x24x1", list);
    assert_true(r.done);
    const int count = layers[depth - 1].out;
    assert_int_equal(output_of(&r.net)->side[0], count);
    const cnn_field field = field_of(&r, r.net.output);
    const double start = (double)field.start[0].num / (double)field.start[0].den;
    const double jump = (double)field.jump[0].num / (double)field.jump[0].den;
    int most = 0;
    bool started = false;
    for (int i = 0; i < count; i++) {
        const positions *seen = see(layers, depth, i);
        const int size = seen->first <= seen->last ? seen->last - seen->first + 1 : 0;
        most = size > most ? size : most;
        if (size > 0 && !started) {
            started = true;
            assert_true((seen->first + seen->last + 1) / 2.0 == start);
        }
        assert_true(!alike || (seen->first + seen->last + 1) / 2.0 == start + i * jump);
    }
    if (field.size[0] != most) {
        fail_msg("%s: the field is %d, not %lld", list, most, (long long)field.size[0]);
    }
    reading_free(&r);
}

static void fields_by_brute_force(void **state)
{
    (void)state;
    int compared[2] = {0, 0};
    for (int round = 0; round < 4000; round++) {
        axis layers[5];
        char list[512];
        const bool alike = round % 4 == 0;
        const int depth = random_list(alike ? (kind)(CONV + 1) : KINDS, layers, list, sizeof list);
        if (depth > 0) {
            compare(list, layers, depth, alike);
            compared[alike]++;
        }
    }
    assert_true(compared[0] > 1500 && compared[1] > 500);
}

static void fields_that_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers;
    } lists[] = {
        /* primes above and below make fractions that nothing shortens: a jump of 3037000493 *
         * 1000003 * 3 ... over 2147483647 * 46337 ... */
        {"1x1x4611686018427387904", "maxpool1x2 s1x999999999989 p0x1,maxpool1x7 s1x1000003 p0x1,"
                                    "upsample1x2,maxpool1x2 s1x2147483587"},
        {"1x1x2", "upsample1x46337,upsample1x2147483647,maxpool1 s1x1000003,"
                  "deconv1x2147483647-1 s1x2147483587 p0"},
        {"1x1x1000000000", "maxpool1 s1x3,aap1x2147483647,upsample1x7,maxpool1 s1x7,"
                           "upsample1x2147483629,maxpool1 s1x2147483587,deconv1x1000003-1 s1x3 p0"},
        {"1x1x2", "upsample1x2147483647,maxpool1 s1x2147483629,upsample1x5"},
        {"1x1x9000000000000000000", "aap1x46337,deconv1x1-1 s1x5 p0x1,upsample1x46337,upsample1x5"},
        {"1x1x4611686018427387904",
         "maxpool1x2147483647 s1x2147483587 p0x5,maxpool1 s1x2147483587,aap1x307,aap1x293,"
         "aap1x2147483587,aap1x4294967291"},
        /* padding and strides that are too far out for the middle of a field to be known */
        {"1x1x1", "maxpool4611686018427387906x1 p2305843009213693953x0"},
        {"1x1x1", "deconv1-1 s4611686018427387904x1 p0"},
        {"1x1x1", "resize1x4611686018427387904"},
        /* three times 2^62 to the left of the first one, with a jump of 2^62 */
        {"1x1x9223372036854775807", "maxpool1 s1x4611686018427387904,conv1-1 p0x3"},
        /* starts of -(2^64 - 17)/2, of -5*2^61 and a little, and of -(5*2^61 + 11)/10 */
        {"1x1x1", "maxpool1 s1x2,pad0x4611686018427387900"},
        {"1x1x1", "maxpool1 s1x2,pad0x1152921504606846976,pad0x1729382256910270464"},
        {"1x1x1", "maxpool1 s1x4,pad0x288230376151711744,upsample1x5"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        reading r = read_list(lists[i].input, lists[i].layers);
        cnn_error err = {0};
        cnn_arena arena = large_arena();
        EXPECT(failed, r.done, "%s: %s", lists[i].layers, cnn_error_id(&r.err));
        EXPECT(failed,
               r.done && cnn_network_fields(&r.net, &arena, &effort, &err) == NULL &&
                   strcmp(cnn_error_id(&err), "field-overflow") == 0,
               "%s: %s", lists[i].layers, cnn_error_id(&err));
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Without memory for what positions see there is no field, rather than a smaller one. The last
 * layer has positions that see 10 pixels: 5x5 positions of the first enlargement, from an even one
 * on, are made of 3x3 of the map before. */
static void fields_need_memory(void **state)
{
    (void)state;
    reading r = read_list("1x64x64", "maxpool, conv3-1, upsample2, conv3-1, upsample2, conv3-1");
    assert_true(r.done);
    static unsigned char memory[1 << 16];
    const cnn_field *fields = NULL;
    for (size_t size = 0; fields == NULL && size < sizeof memory; size += 16) {
        cnn_error err = {0};
        cnn_arena arena = cnn_arena_over(memory, size);
        fields = cnn_network_fields(&r.net, &arena, &effort, &err);
        assert_int_equal(err.code, fields == NULL ? CNN_OUT_OF_MEMORY : CNN_OK);
    }
    assert_non_null(fields);
    assert_int_equal(fields[r.net.output].size[0], 10);
    assert_int_equal(fields[r.net.output].size[1], 10);
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textbook_cases),
        cmocka_unit_test(large_fields),
        cmocka_unit_test(too_many_positions),
        cmocka_unit_test(known_networks),
        cmocka_unit_test(different_jumps_are_noted),
        cmocka_unit_test(fields_by_brute_force),
        cmocka_unit_test(fields_that_do_not_fit),
        cmocka_unit_test(fields_need_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
