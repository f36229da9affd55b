/*
 * Sixteen outputs at a time: an SDOT multiplies four inputs, a lane of v0, with four bytes of weights of each of four
 * outputs.
 *
 *   v0       inputs           v16-v19  sums              v24-v27  multipliers   v1  output zero point
 *   v20-v23  weights          v28-v31  shifts            v2, v3   clamp
 *   x2       stream           x11      its start         x1       input         x7  inputs of the block to come
 *   x3       output           w4       batches left      w5       outputs left  w9  outputs of the block
 *   x6       bytes of four inputs' weights, 4 * w9       w8       inputs left   w10 inputs
 */
.macro step lane
  ld1 {v20.16b, v21.16b, v22.16b, v23.16b}, [x2], x6
  sdot v16.4s, v20.16b, v0.4b[\lane]
  sdot v17.4s, v21.16b, v0.4b[\lane]
  sdot v18.4s, v22.16b, v0.4b[\lane]
  sdot v19.4s, v23.16b, v0.4b[\lane]
.endm

/* The sign turns halves up into halves away from zero. */
.macro scale sum, multiplier, shift
  sqrdmulh v\sum\().4s, v\sum\().4s, v\multiplier\().4s
  ssra v\sum\().4s, v\sum\().4s, #31
  srshl v\sum\().4s, v\sum\().4s, v\shift\().4s
.endm

  .section .text.whittle_fully_connected_s8_dotprod, "ax", %progbits
  .align 2
  .global whittle_fully_connected_s8_dotprod
  .type whittle_fully_connected_s8_dotprod, %function
whittle_fully_connected_s8_dotprod:
  ldp w4, w10, [x0]
  mov x11, x2
  ldp w12, w13, [x0, #16]
  dup v24.4s, w12
  dup v28.4s, w13
  ldp w12, w13, [x0, #24]
  ldr w14, [x0, #32]
  dup v1.8h, w12
  dup v2.16b, w13
  dup v3.16b, w14
  ldr w12, [x0, #12]

.Lbatch:
  mov x2, x11
  ldr w5, [x0, #8]
.Lblock:
  mov w9, #16
  cmp w5, #16
  csel w9, w5, w9, lo
  lsl x6, x9, #2
  ld1 {v16.4s, v17.4s, v18.4s, v19.4s}, [x2], x6
  cbnz w12, .Lshared
  ld1 {v24.4s, v25.4s, v26.4s, v27.4s}, [x2], x6
  ldr q31, [x2]
  add x2, x2, x9
  sshll v29.8h, v31.8b, #0
  sshll2 v31.8h, v31.16b, #0
  sshll v28.4s, v29.4h, #0
  sshll2 v29.4s, v29.8h, #0
  sshll v30.4s, v31.4h, #0
  sshll2 v31.4s, v31.8h, #0
.Lshared:
  mov x7, x1
  subs w8, w10, #16
  b.lo .Lrest
.Lslice:
  ldr q0, [x7], #16
  step 0
  step 1
  step 2
  step 3
  subs w8, w8, #16
  b.hs .Lslice
.Lrest:
  adds w8, w8, #16
  b.eq .Lsummed
.Lfour:
  subs w8, w8, #4
  b.lo .Lbytes
  ldr s0, [x7], #4
  step 0
  cbnz w8, .Lfour
  b .Lsummed
/* One to three inputs are left. */
.Lbytes:
  ldr b0, [x7], #1
  adds w8, w8, #3
  b.eq .Lgathered
  ld1 {v0.b}[1], [x7], #1
  subs w8, w8, #1
  b.eq .Lgathered
  ld1 {v0.b}[2], [x7]
.Lgathered:
  step 0
.Lsummed:
  cbnz w12, .Lone_scale
  scale 16, 24, 28
  scale 17, 25, 29
  scale 18, 26, 30
  scale 19, 27, 31
  b .Lscaled
.Lone_scale:
  scale 16, 24, 28
  scale 17, 24, 28
  scale 18, 24, 28
  scale 19, 24, 28
.Lscaled:
  sqxtn v16.4h, v16.4s
  sqxtn v18.4h, v18.4s
  sqxtn2 v16.8h, v17.4s
  sqxtn2 v18.8h, v19.4s
  sqadd v16.8h, v16.8h, v1.8h
  sqadd v18.8h, v18.8h, v1.8h
  sqxtn v16.8b, v16.8h
  sqxtn2 v16.16b, v18.8h
  smax v16.16b, v16.16b, v2.16b
  smin v16.16b, v16.16b, v3.16b
  subs w5, w5, #16
  b.lo .Lpartly
  str q16, [x3], #16
  b.ne .Lblock
.Lnext:
  add x1, x1, x10
  subs w4, w4, #1
  b.ne .Lbatch
  ret

/* Fewer than sixteen outputs. */
.Lpartly:
  tbz w9, #3, 1f
  str d16, [x3], #8
  ext v16.16b, v16.16b, v16.16b, #8
1:
  tbz w9, #2, 2f
  str s16, [x3], #4
  ext v16.16b, v16.16b, v16.16b, #4
2:
  tbz w9, #1, 3f
  str h16, [x3], #2
  ext v16.16b, v16.16b, v16.16b, #2
3:
  tbz w9, #0, .Lnext
  str b16, [x3], #1
  b .Lnext
  .size whittle_fully_connected_s8_dotprod, . - whittle_fully_connected_s8_dotprod
  .section .note.GNU-stack, "", %progbits
